import { formatCount, formatInstant } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { NotFound } from '../../parts/not-found.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { costIn } from './provider-list-page.tsx'
import { type Provider, stateOf, TONE } from './provider-state.ts'
import { ProviderSwitch } from './provider-switch.tsx'
import { useProviderTexts } from './provider-texts.ts'
import './providers.css'

const EVERY_MS = 3_000

/** One account: its figures, its processes, its last errors, its terms, and the switch. */
export function ProviderPage(): ReactElement {
  const say = useProviderTexts()
  const word = useWord()
  const { name } = useParams({ from: '/shell/providers/$name' })
  const { data, error, refetch } = useAnswer(
    'GET /console-api/providers',
    {},
    { everyMs: EVERY_MS },
  )
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const provider = data.items.find((each) => each.name === name)
  if (provider === undefined) return <NotFound />
  const { channel, adapter, carries } = provider
  const state = stateOf(provider)
  return (
    <div className="page">
      <div className="page-head">
        <h1>{name}</h1>
        <strong className={TONE[state]}>{say(state)}</strong>
        <span className="quiet">
          {word(channel)} · {adapter} ·{' '}
          {carries.length === 0 ? say('nothing') : carries.map((each) => say(each)).join(', ')}
        </span>
        <span className="space" />
        <Link to="/providers">{say('back')}</Link>
      </div>
      <Figures provider={provider} />
      <div className="provider">
        <div className="provider-side">
          <Connections provider={provider} />
          <Errors provider={provider} />
        </div>
        <div className="provider-side">
          <ProviderSwitch provider={provider} />
          <Limits provider={provider} />
        </div>
      </div>
    </div>
  )
}

const COUNTS = ['sent', 'failed', 'unknown', 'inFlight', 'parts'] as const

function Figures({ provider }: { provider: Provider }): ReactElement {
  const say = useProviderTexts()
  const { lastHour, backlog } = provider
  const tiles = [
    ...COUNTS.map((key) => [key, formatCount(lastHour[key])] as const),
    ['cost', costIn(provider)] as const,
    ['backlog', formatCount(backlog)] as const,
  ]
  return (
    <section aria-label={say('lastHour')}>
      <h2 className="quiet">{say('lastHour')}</h2>
      <dl className="provider-figures">
        {tiles.map(([key, value]) => (
          <div key={key} className="card">
            <dt className="quiet">{say(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Connections({ provider: { connections } }: { provider: Provider }): ReactElement {
  const say = useProviderTexts()
  return (
    <section className="card" aria-label={say('connections')}>
      <h2>{say('connections')}</h2>
      {connections.length === 0 && <p className="quiet">{say('noConnections')}</p>}
      <ul className="provider-lines">
        {connections.map(({ worker, isConnected, restingUntil, lastError, seenAt }) => (
          <li key={worker}>
            <strong className={isConnected ? 'good' : 'bad'}>
              {say(isConnected ? 'connected' : 'disconnected')}
            </strong>{' '}
            · {worker} <span className="quiet">· {formatInstant(seenAt)}</span>
            {restingUntil !== null && (
              <p className="warn">{say('restingUntil', { at: formatInstant(restingUntil) })}</p>
            )}
            {lastError !== null && <p className="bad">{lastError}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Errors({ provider: { lastErrors } }: { provider: Provider }): ReactElement {
  const say = useProviderTexts()
  return (
    <section className="card" aria-label={say('errors')}>
      <h2>{say('errors')}</h2>
      {lastErrors.length === 0 && <p className="quiet">{say('noErrors')}</p>}
      <ul className="provider-lines">
        {alike(lastErrors).map(({ at, reason, count }) => (
          <li key={`${at} ${reason}`}>
            <time className="quiet" dateTime={at}>
              {formatInstant(at)}
            </time>{' '}
            {reason}
            {count > 1 && <span className="quiet"> ×{count}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

type Told = Provider['lastErrors'][number]

/** Errors of one moment that are told alike are one line with their number. */
function alike(errors: readonly Told[]): (Told & { count: number })[] {
  const groups = Map.groupBy(errors, ({ at, reason }) => `${at} ${reason}`)
  return [...groups.values()].flatMap((each) =>
    each.slice(0, 1).map((first) => ({ ...first, count: each.length })),
  )
}

function Limits({ provider: { limits } }: { provider: Provider }): ReactElement {
  const say = useProviderTexts()
  return (
    <section className="card" aria-label={say('limits')}>
      <h2>{say('limits')}</h2>
      {limits.length === 0 && <p className="quiet">{say('noLimits')}</p>}
      <ul className="provider-lines">
        {limits.map(({ name, value, unit, source, asOf }) => (
          <li key={name}>
            {name}: <strong>{formatCount(value)}</strong> {unit}
            <p className="quiet">
              {say('source')}: {source} · {say('asOf')} {asOf}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
