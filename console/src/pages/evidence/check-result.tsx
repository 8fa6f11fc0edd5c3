import type { EvidenceCheckItem } from '@dunlin/contract'
import { formatCount, formatInstant } from '@dunlin/ui'
import { Link } from '@tanstack/react-router'
import { Alert, Progress } from 'antd'
import type { ReactElement } from 'react'
import { useEvidenceTexts } from './evidence-texts.ts'
import { tellProblem } from './tell-problem.ts'

export function isRunning({ state }: EvidenceCheckItem): boolean {
  return state === 'running'
}

export function percentOf({ decisions, total }: EvidenceCheckItem): number {
  return total === 0 ? 0 : Math.floor((100 * decisions) / total)
}

/** What a verification found, or how far it is. */
export function CheckResult({ check }: { check: EvidenceCheckItem }): ReactElement {
  const say = useEvidenceTexts()
  if (check.state === 'running') {
    const done = say('running', {
      done: formatCount(check.decisions),
      total: formatCount(check.total),
    })
    return (
      <div role="status">
        <Progress
          percent={percentOf(check)}
          status="active"
          strokeColor="var(--brand)"
          aria-label={done}
        />
        <span className="quiet">{done}</span>
      </div>
    )
  }
  if (check.state === 'failed') return <Alert type="warning" showIcon title={say('failed')} />
  const isGood = check.problemCount === 0
  const count = formatCount(isGood ? check.decisions : check.problemCount)
  return (
    <Alert
      type={isGood ? 'success' : 'error'}
      showIcon
      title={say(isGood ? 'good' : 'bad', { count })}
      description={<Detail check={check} />}
    />
  )
}

function Detail({ check }: { check: EvidenceCheckItem }): ReactElement {
  const say = useEvidenceTexts()
  const { head, erased, problems, problemCount, askedBy, startedAt } = check
  return (
    <>
      {head !== null && problemCount === 0 && <div>{say('upTo', { sequence: head.sequence })}</div>}
      {erased > 0 && <div>{say('erasedCount', { count: formatCount(erased) })}</div>}
      <ul className="evidence-problems">
        {problems.map((problem) => (
          <Found key={problem} problem={problem} />
        ))}
      </ul>
      {problems.length < problemCount && (
        <div>{say('moreProblems', { count: problems.length })}</div>
      )}
      <div className="quiet">{say('by', { who: askedBy, at: formatInstant(startedAt) })}</div>
    </>
  )
}

function Found({ problem }: { problem: string }): ReactElement {
  const { text, decisionId } = tellProblem(problem, useEvidenceTexts())
  return (
    <li>
      {decisionId === null ? (
        text
      ) : (
        <Link to="/decisions/$decisionId/why" params={{ decisionId }}>
          {text}
        </Link>
      )}
    </li>
  )
}

/** Why something that was pressed did not happen. */
export function Problem({ error }: { error: Error | null }): ReactElement | null {
  return error === null ? null : <Alert type="error" showIcon title={error.message} />
}
