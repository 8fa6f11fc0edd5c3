import { currentLanguage, formatCount, formatDay, formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Select } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { type StrategySearch, VERDICTS } from './strategy-search.ts'
import { type StrategyKey, useStrategyTexts } from './strategy-texts.ts'
import './strategies.css'

type Trial = Answer<'POST /console-api/strategies/:name/trial'>
type Contact = Trial['contacts'][number]
type Props = {
  readonly name: string
  /** A draft's text; absent: what is in force. */
  readonly source?: string
  readonly reason?: string | null
}

const TONE = { permit: 'good', defer: 'warn', refuse: 'bad', unreachable: 'quiet' } as const

/** What the strategy would do today: who would get what, and every refusal. */
export function TrialView({ name, source, reason = null }: Props): ReactElement {
  const say = useStrategyTexts()
  const trial = useChange('POST /console-api/strategies/:name/trial')
  const run = (): void =>
    trial.mutate({ params: { name }, body: source === undefined ? {} : { source } })
  return (
    <section className="trial" aria-label={say('tab.trial')}>
      <div className="card row">
        <p className="quiet">{say('trialLead')}</p>
        <ActionButton type="primary" loading={trial.isPending} reason={reason} onClick={run}>
          {say('runTrial')}
        </ActionButton>
      </div>
      {trial.error !== null && <Alert type="error" showIcon title={trial.error.message} />}
      {trial.data !== undefined && <Found trial={trial.data} />}
    </section>
  )
}

function Found({ trial }: { trial: Trial }): ReactElement {
  const say = useStrategyTexts()
  const { asOf, cases, isSample, counts } = trial
  const contacts = counts.reduce((sum, each) => sum + each.count, 0)
  const given = { day: formatDay(asOf), cases: formatCount(cases), contacts: formatCount(contacts) }
  return (
    <>
      <p role="status">
        {say('trialOf', given)} {isSample && say('sample')}
      </p>
      {contacts === 0 ? (
        <p className="empty card">{say('noContacts')}</p>
      ) : (
        <>
          <Counts trial={trial} />
          <Contacts trial={trial} total={contacts} />
        </>
      )}
    </>
  )
}

function Counts({ trial }: { trial: Trial }): ReactElement {
  const say = useStrategyTexts()
  const word = useWord()
  return (
    <section className="card" aria-label={say('counts')}>
      <h2>{say('counts')}</h2>
      <table className="figures">
        <thead>
          <tr>
            <th>{say('stage')}</th>
            <th>{say('channel')}</th>
            <th>{say('verdict')}</th>
            <th>{say('rule')}</th>
            <th className="number">{say('count')}</th>
          </tr>
        </thead>
        <tbody>
          {trial.counts.map(({ stage, channel, verdict, rule, count }) => (
            <tr key={`${stage} ${channel} ${verdict} ${rule}`}>
              <td>{stage ?? '–'}</td>
              <td>{word(channel)}</td>
              <td className={TONE[verdict]}>{say(verdict)}</td>
              <td>{rule === null ? '–' : titleIn(trial, rule)}</td>
              <td className="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Contacts({ trial, total }: { trial: Trial; total: number }): ReactElement {
  const say = useStrategyTexts()
  const word = useWord()
  const search: StrategySearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const set = (change: StrategySearch): void =>
    void navigate({ to: '.', search: { ...search, ...change }, replace: true })
  const stages = [...new Set(trial.contacts.flatMap(({ stage }) => stage ?? []))]
  const rows = trial.contacts.filter(
    ({ verdict, stage }) =>
      (search.verdict ?? verdict) === verdict && (search.stage ?? stage) === stage,
  )
  const { length } = trial.contacts
  return (
    <>
      <div className="page-head">
        <h2>{say('contacts')}</h2>
        <span className="quiet">{length < total && say('firstShown', { count: length })}</span>
        <span className="space" />
        <Select
          aria-label={say('verdict')}
          value={search.verdict ?? ''}
          style={{ minWidth: 120 }}
          options={[
            { value: '', label: say('anyVerdict') },
            ...VERDICTS.map((value) => ({ value, label: say(value) })),
          ]}
          onChange={(value) => set({ verdict: VERDICTS.find((each) => each === value) })}
        />
        <Select
          aria-label={say('stage')}
          value={search.stage ?? ''}
          style={{ minWidth: 110 }}
          options={[
            { value: '', label: say('anyStage') },
            ...stages.map((value) => ({ value, label: value })),
          ]}
          onChange={(value) => set({ stage: value === '' ? undefined : value })}
        />
      </div>
      <div className="grid-box">
        <DataGrid
          label={say('contacts')}
          columns={columnsOf({ say, word, trial })}
          rows={rows}
          rowKey={({ caseId, step }) => `${caseId} ${step}`}
          empty={say('noContacts')}
        />
      </div>
    </>
  )
}

function columnsOf(given: {
  say: Say<StrategyKey>
  word: (word: string) => string
  trial: Trial
}): Column<Contact>[] {
  const { say, word, trial } = given
  return [
    {
      key: 'verdict',
      title: say('verdict'),
      width: 110,
      show: ({ verdict }) => <strong className={TONE[verdict]}>{say(verdict)}</strong>,
    },
    {
      key: 'rule',
      title: say('rule'),
      show: ({ rules }) => {
        const all = rules.map((rule) => titleIn(trial, rule)).join('; ')
        return <span title={all}>{all === '' ? '–' : all}</span>
      },
    },
    { key: 'case', title: say('case'), width: 90, show: ({ caseId }) => caseId },
    { key: 'stage', title: say('stage'), width: 90, show: ({ stage }) => stage ?? '–' },
    { key: 'step', title: say('step'), width: 150, show: ({ step }) => step },
    { key: 'channel', title: say('channel'), width: 90, show: ({ channel }) => word(channel) },
    { key: 'at', title: say('time'), width: 130, show: ({ at }) => formatInstant(at) },
    {
      key: 'until',
      title: say('until'),
      width: 130,
      show: ({ until }) => (until === null ? '–' : formatInstant(until)),
    },
  ]
}

function titleIn({ titles }: Trial, rule: string): string {
  return titles[rule]?.[currentLanguage() === 'en' ? 'en' : 'zh'] ?? rule
}
