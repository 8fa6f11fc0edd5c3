import { formatInstant } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Select } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer, useChange } from '../../api/client.ts'
import { useMe } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { type MatterFile, TOUCHES } from './matter-file.ts'
import { AppealForm, DecideForm, ToldForm } from './matter-forms.tsx'
import { Countdown } from './matter-list.tsx'
import { ownerIn, useQueueTexts, wordIn } from './queue-texts.ts'
import './queues.css'

/** One matter whole: what was raised, whose it is and until when, what is decided, and what happened. */
export function MatterPage(): ReactElement {
  const say = useQueueTexts()
  const { matterId } = useParams({ from: '/shell/queues/matters/$matterId' })
  const { data, error, refetch } = useAnswer('GET /console-api/matters/:matterId', {
    params: { matterId },
  })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const isWaiting = data.state === 'open' || data.state === 'appealed'
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {wordIn(say, data.kind)} {data.id}
        </h1>
        <Countdown matter={data} />
        <span className="space" />
        <Link to="/cases/$caseId" params={{ caseId: data.caseId }}>
          {say('openCase')}
        </Link>
        <Link to="/queues">{say('back')}</Link>
      </div>
      <p className="quiet">
        {data.borrowerNo} · {data.portfolio} · {formatInstant(data.receivedAt)} ·{' '}
        {wordIn(say, data.channel)} · {data.loanNo ?? say('wholeCase')} ·{' '}
        <strong className={data.isHeld ? 'warn' : ''}>
          {say(data.isHeld ? 'held' : 'notHeld')}
        </strong>
      </p>
      <div className="matter">
        <div className="stacked">
          <section className="card" aria-label={say('words')}>
            <h2>{say('words')}</h2>
            <p className="matter-words">{data.text}</p>
          </section>
          {isWaiting && <DecideForm matter={data} />}
          {data.isUntold && <ToldForm matter={data} />}
          {data.state === 'decided' && <AppealForm matter={data} />}
        </div>
        <div className="stacked">
          <Owner matter={data} isWaiting={isWaiting} />
          <Steps matter={data} />
        </div>
      </div>
    </div>
  )
}

function Owner({ matter, isWaiting }: { matter: MatterFile; isWaiting: boolean }): ReactElement {
  const say = useQueueTexts()
  const { email } = useMe()
  const give = useChange('POST /console-api/matters/:matterId/owner', TOUCHES)
  const to = (owner: string): void =>
    give.mutate({ params: { matterId: matter.id }, body: { owner } })
  const mine = matter.isMine ? say('alreadyMine') : null
  return (
    <section className="card stacked" aria-label={say('owner')}>
      <h2>{say('owner')}</h2>
      <p>{matter.isMine ? say('me') : ownerIn(say, matter.owner)}</p>
      <div className="page-head">
        <ActionButton
          reason={isWaiting ? mine : say('over')}
          loading={give.isPending}
          onClick={() => to(email)}
        >
          {say('take')}
        </ActionButton>
        <Select<string>
          aria-label={say('give')}
          placeholder={say('give')}
          value={null}
          disabled={!isWaiting}
          style={{ minWidth: 150 }}
          options={matter.owners
            .filter((each) => each.email !== matter.owner)
            .map((each) => ({ value: each.email, label: each.name }))}
          onChange={to}
        />
      </div>
      {give.error !== null && <Alert type="error" showIcon title={give.error.message} />}
    </section>
  )
}

function Steps({ matter }: { matter: MatterFile }): ReactElement {
  const say = useQueueTexts()
  return (
    <section className="card" aria-label={say('steps')}>
      <h2>{say('steps')}</h2>
      <ol className="matter-steps">
        {matter.steps.map(({ kind, at, by, text, detail }) => (
          <li key={`${at} ${kind} ${by}`}>
            <time dateTime={at}>{formatInstant(at)}</time>
            <div>
              <strong>{wordIn(say, `step.${kind}`)}</strong>
              {typeof detail.outcome === 'string' && ` · ${wordIn(say, detail.outcome)}`}
              {typeof detail.to === 'string' && ` → ${detail.to}`}
              <span className="quiet"> · {by}</span>
              {text !== null && <p className="matter-words">{text}</p>}
            </div>
          </li>
        ))}
      </ol>
      {matter.documents.length > 0 && (
        <>
          <h2>{say('documents')}</h2>
          <ul>
            {matter.documents.map(({ id, title, reference }) => (
              <li key={id}>
                {title} <span className="quiet">{reference}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
