import { currentLanguage, formatCount, formatMoney } from '@dunlin/ui'
import { Link } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Term } from '../../parts/term.tsx'
import type { TermKey } from '../../parts/term-texts.ts'
import { useWord } from '../../parts/word-texts.ts'
import { useBoardTexts } from './board-texts.ts'
import { LiveList } from './live-list.tsx'
import './board.css'

type Board = Answer<'GET /console-api/board'>
const EVERY_MS = 4_000

/** Today on one screen: the book, the gate's verdicts, contacts, and what happens as it happens. */
export function BoardPage(): ReactElement {
  const say = useBoardTexts()
  const { data, error, refetch } = useAnswer('GET /console-api/board', {}, { everyMs: EVERY_MS })
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('title')}</h1>
      </div>
      <Totals totals={data.totals} />
      <div className="board">
        <Panel title={say('book')}>
          <Stages stages={data.stages} />
        </Panel>
        <Panel title={say('verdicts')} term="verdict">
          <Verdicts verdicts={data.verdicts} />
        </Panel>
        <Panel title={say('contacts')} term="attempt">
          <Channels channels={data.channels} />
        </Panel>
        <Panel title={say('live')} isWide>
          <LiveList />
        </Panel>
      </div>
    </div>
  )
}

type PanelProps = { title: string; term?: TermKey; isWide?: boolean; children: ReactNode }

function Panel({ title, term, isWide = false, children }: PanelProps): ReactElement {
  return (
    <section className={isWide ? 'card wide' : 'card'} aria-label={title}>
      <h2>{term === undefined ? title : <Term of={term}>{title}</Term>}</h2>
      {children}
    </section>
  )
}

function Totals({ totals }: { totals: Board['totals'] }): ReactElement {
  const say = useBoardTexts()
  const tiles = [
    { words: 'borrowers', term: null, value: formatCount(totals.borrowers) },
    { words: 'loans', term: null, value: formatCount(totals.loans) },
    { words: 'open', term: 'case', value: formatCount(totals.open) },
    {
      words: 'outstanding',
      term: 'outstanding',
      value: formatMoney(totals.outstandingMinor, 'CNY'),
    },
  ] as const
  return (
    <dl className="totals">
      {tiles.map(({ words, term, value }) => (
        <div key={words} className="card">
          <dt className="quiet">
            {term === null ? say(words) : <Term of={term}>{say(words)}</Term>}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Stages({ stages }: { stages: Board['stages'] }): ReactElement {
  const say = useBoardTexts()
  if (stages.length === 0) return <p className="empty">{say('noBook')}</p>
  const most = Math.max(...stages.map(({ cases }) => cases))
  return (
    <table className="figures">
      <thead>
        <tr>
          <th>
            <Term of="stage">{say('stage')}</Term>
          </th>
          <th className="number">{say('cases')}</th>
          <th className="number">
            <Term of="arrears">{say('arrears')}</Term>
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {stages.map(({ stage, cases, arrearsMinor }) => (
          <tr key={stage}>
            <td>
              <Link to="/cases" search={{ stage }}>
                {stage}
              </Link>
            </td>
            <td className="number">{formatCount(cases)}</td>
            <td className="number">{formatMoney(arrearsMinor, 'CNY')}</td>
            <td aria-hidden="true">
              <span className="bar" style={{ width: `${(100 * cases) / most}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const TONE = { permit: 'good', defer: 'warn', refuse: 'bad' } as const

function Verdicts({ verdicts }: { verdicts: Board['verdicts'] }): ReactElement {
  const say = useBoardTexts()
  if (verdicts.length === 0) return <p className="empty">{say('noVerdicts')}</p>
  const language = currentLanguage() === 'en' ? 'en' : 'zh'
  return (
    <ul className="verdicts">
      {verdicts.map(({ verdict, rule, title, count }) => (
        <li key={`${verdict} ${rule ?? ''}`}>
          <span>
            <strong className={TONE[verdict]}>{say(verdict)}</strong>
            {title !== null && ` · ${title[language]}`}
          </span>
          <span className="number">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  )
}

function Channels({ channels }: { channels: Board['channels'] }): ReactElement {
  const say = useBoardTexts()
  const word = useWord()
  if (channels.length === 0) return <p className="empty">{say('noContacts')}</p>
  return (
    <table className="figures">
      <thead>
        <tr>
          <th>{say('channel')}</th>
          <th>{say('state')}</th>
          <th className="number">{say('count')}</th>
        </tr>
      </thead>
      <tbody>
        {channels.map(({ channel, state, count }) => (
          <tr key={`${channel} ${state}`}>
            <td>{word(channel)}</td>
            <td>{word(state)}</td>
            <td className="number">{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
