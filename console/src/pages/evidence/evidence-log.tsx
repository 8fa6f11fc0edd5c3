import { formatCount, formatInstant } from '@dunlin/ui'
import { Button, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { CheckResult, isRunning, Problem } from './check-result.tsx'
import { useEvidenceTexts } from './evidence-texts.ts'
import type { Evidence } from './use-evidence.ts'

/** The log as a whole: its head, its last verification, and another one now. */
export function EvidenceLog({ data }: { data: Evidence }): ReactElement {
  return (
    <>
      <Figures data={data} />
      <div className="evidence">
        <VerifyCard data={data} />
        <StrangerCard keyHash={data.keyHash} />
      </div>
    </>
  )
}

function Figures({ data }: { data: Evidence }): ReactElement {
  const say = useEvidenceTexts()
  const { head, decisions, waiting, lastOfLog } = data
  const figures = [
    [say('decisions'), formatCount(decisions)],
    [say('batches'), formatCount(head?.sequence ?? 0)],
    [say('waiting'), formatCount(waiting)],
    [say('lastCheck'), lastOfLog === null ? say('never') : formatInstant(lastOfLog.startedAt)],
  ] as const
  return (
    <dl className="evidence-figures">
      {figures.map(([name, value]) => (
        <div key={name} className="card">
          <dt className="quiet">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const HASH = /^[0-9a-f]{64}$/

function VerifyCard({ data }: { data: Evidence }): ReactElement {
  const say = useEvidenceTexts()
  const may = useMay('evidence.verify')
  const [anchor, setAnchor] = useState('')
  const start = useChange('POST /console-api/evidence/checks', ['GET /console-api/evidence'])
  const { head, lastOfLog, checks } = data
  const running = checks.find(isRunning)
  const isBad = anchor !== '' && !HASH.test(anchor)
  const busy = running === undefined ? null : say('isRunning')
  const shown = running?.kind === 'log' ? running : lastOfLog
  return (
    <section className="card evidence-part" aria-label={say('log')}>
      <h2>{say('log')}</h2>
      <p className="quiet">{say('logLead')}</p>
      <div>
        <span className="quiet">{say('head')}</span>
        <br />
        {head === null ? (
          say('noHead')
        ) : (
          <>
            <code className="wraps">{head.hash}</code>
            <br />
            {say('headLine', { sequence: head.sequence, at: formatInstant(head.sealedAt) })}
          </>
        )}
      </div>
      {shown !== null && <CheckResult check={shown} />}
      <label htmlFor="evidence-anchor">{say('anchor')}</label>
      <Input
        id="evidence-anchor"
        value={anchor}
        status={isBad ? 'error' : ''}
        aria-describedby="evidence-anchor-hint"
        onChange={({ target }) => setAnchor(target.value.trim().toLowerCase())}
      />
      <p className="quiet" id="evidence-anchor-hint">
        {say(isBad ? 'badAnchor' : 'anchorHint')}
      </p>
      <Problem error={start.error} />
      <div>
        <ActionButton
          type="primary"
          may={may}
          reason={busy ?? (isBad ? say('badAnchor') : null)}
          loading={start.isPending}
          onClick={() =>
            start.mutate({ body: { kind: 'log', ...(anchor === '' ? {} : { anchor }) } })
          }
        >
          {say('verifyNow')}
        </ActionButton>
      </div>
    </section>
  )
}

function StrangerCard({ keyHash }: { keyHash: string }): ReactElement {
  const say = useEvidenceTexts()
  return (
    <section className="card evidence-part" aria-label={say('stranger')}>
      <h2>{say('stranger')}</h2>
      <ol className="evidence-steps">
        <li>{say('step.1')}</li>
        <li>
          {say('step.2')}
          <code className="block">node verify-inclusion.mjs FOLDER</code>
        </li>
        <li>{say('step.3')}</li>
        <li>{say('step.4')}</li>
      </ol>
      <div>
        <span className="quiet">{say('key')}</span>
        <br />
        <code className="wraps">{keyHash}</code>
      </div>
      <div className="page-head">
        <Button href="/console-api/evidence/program">{say('program')}</Button>
        <a href="/help/guide/evidence.html">{say('guide')}</a>
      </div>
    </section>
  )
}
