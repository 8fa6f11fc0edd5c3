import type { EvidenceCheckItem } from '@dunlin/contract'
import { formatCount, formatInstant, type Say } from '@dunlin/ui'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Segmented, Select } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { CheckResult, isRunning, Problem, percentOf } from './check-result.tsx'
import { type EvidenceSearch, PURPOSES, SCOPES } from './evidence-search.ts'
import { type EvidenceKey, useEvidenceTexts } from './evidence-texts.ts'
import { takeArchive } from './take-archive.ts'
import type { Evidence } from './use-evidence.ts'

type Scope = (typeof SCOPES)[number]
type Set = (change: EvidenceSearch) => void

/** The evidence of a case or of some days: verified here, or taken away for a purpose. */
export function EvidenceExport({ data }: { data: Evidence }): ReactElement {
  const say = useEvidenceTexts()
  const search = useSearch({ from: '/shell/evidence' })
  const navigate = useNavigate()
  const set: Set = (change) =>
    void navigate({ to: '/evidence', search: { ...search, ...change }, replace: true })
  const { of = 'case', purpose } = search
  return (
    <>
      <section className="card evidence-part" aria-label={say('export')}>
        <h2>{say('export')}</h2>
        <p className="quiet">{say('exportLead', { max: formatCount(data.exportMax) })}</p>
        <div className="evidence-form">
          <span>{say('scope')}</span>
          <Segmented<Scope>
            aria-label={say('scope')}
            className="fits"
            value={of}
            options={SCOPES.map((value) => ({ value, label: say(`scope.${value}`) }))}
            onChange={(value) => set({ of: value })}
          />
          {of === 'case' ? (
            <CaseFields search={search} set={set} />
          ) : (
            <DayFields search={search} set={set} portfolios={data.portfolios} />
          )}
          <span>{say('purpose')}</span>
          <Select
            aria-label={say('purpose')}
            style={{ maxWidth: 280 }}
            value={purpose ?? null}
            placeholder={say('purpose')}
            options={PURPOSES.map((value) => ({ value, label: say(`purpose.${value}`) }))}
            onChange={(value) => set({ purpose: value ?? undefined })}
          />
        </div>
        <Actions data={data} search={search} />
      </section>
      <Checks checks={data.checks} />
    </>
  )
}

function CaseFields({ search, set }: { search: EvidenceSearch; set: Set }): ReactElement {
  const say = useEvidenceTexts()
  const { borrower = '', caseId } = search
  const { data } = useAnswer(
    'GET /console-api/evidence/cases',
    { query: { borrower } },
    { isWanted: borrower !== '' },
  )
  const cases = borrower === '' ? [] : (data?.items ?? [])
  return (
    <>
      <span>{say('borrower')}</span>
      <TextFilter
        label={say('borrower')}
        value={search.borrower}
        width={280}
        onChange={(value) => set({ borrower: value, caseId: undefined })}
      />
      <span>{say('case')}</span>
      <Select
        aria-label={say('case')}
        style={{ maxWidth: 420 }}
        value={caseId ?? null}
        placeholder={say('needCase')}
        notFoundContent={say('noCases')}
        options={cases.map((each) => ({
          value: each.caseId,
          label: say('caseLine', {
            id: each.caseId,
            portfolio: each.portfolio,
            count: each.decisions,
          }),
        }))}
        onChange={(value) => set({ caseId: value ?? undefined })}
      />
    </>
  )
}

function DayFields({
  search,
  set,
  portfolios,
}: {
  search: EvidenceSearch
  set: Set
  portfolios: readonly string[]
}): ReactElement {
  const say = useEvidenceTexts()
  const day = (name: 'from' | 'to'): ReactElement => (
    <>
      <span>{say(name)}</span>
      <Input
        type="date"
        aria-label={say(name)}
        style={{ maxWidth: 180 }}
        value={search[name] ?? ''}
        onChange={({ target }) => set({ [name]: target.value === '' ? undefined : target.value })}
      />
    </>
  )
  return (
    <>
      {day('from')}
      {day('to')}
      <span>{say('portfolio')}</span>
      <FilterSelect
        label={say('portfolio')}
        any={say('anyPortfolio')}
        width={280}
        value={search.portfolio}
        options={portfolios.map((value) => ({ value, label: value }))}
        onChange={(portfolio) => set({ portfolio })}
      />
    </>
  )
}

function Actions({ data, search }: { data: Evidence; search: EvidenceSearch }): ReactElement {
  const say = useEvidenceTexts()
  const [mayVerify, mayTake] = [useMay('evidence.verify'), useMay('evidence.export')]
  const start = useChange('POST /console-api/evidence/checks', ['GET /console-api/evidence'])
  const chosen = chosenIn(search)
  const missing = chosen !== null ? null : say(search.of === 'period' ? 'needDays' : 'needCase')
  const busy = data.checks.some(isRunning) ? say('isRunning') : null
  const take = useMutation({ mutationFn: takeArchive })
  const { purpose } = search
  const cannotTake = missing ?? (purpose === undefined ? say('needPurpose') : null)
  const last = chosen === null ? undefined : data.checks.find((check) => isOf(check, chosen))
  return (
    <>
      {last !== undefined && <CheckResult check={last} />}
      <Problem error={start.error ?? take.error} />
      <div className="page-head">
        <ActionButton
          type="primary"
          may={mayVerify}
          reason={missing ?? busy}
          loading={start.isPending}
          onClick={() => chosen !== null && start.mutate({ body: chosen })}
        >
          {say('verify')}
        </ActionButton>
        <ActionButton
          may={mayTake}
          reason={cannotTake}
          loading={take.isPending}
          onClick={() =>
            chosen !== null && purpose !== undefined && take.mutate(archiveOf(chosen, purpose))
          }
        >
          {say(take.isPending ? 'downloading' : 'download')}
        </ActionButton>
      </div>
    </>
  )
}

type Chosen =
  | { readonly kind: 'case'; readonly caseId: string }
  | {
      readonly kind: 'period'
      readonly from: string
      readonly to: string
      readonly portfolio?: string | undefined
    }

function chosenIn({ of = 'case', caseId, from, to, portfolio }: EvidenceSearch): Chosen | null {
  if (of === 'case') return caseId === undefined ? null : { kind: 'case', caseId }
  if (from === undefined || to === undefined) return null
  return { kind: 'period', from, to, ...(portfolio === undefined ? {} : { portfolio }) }
}

function isOf(check: EvidenceCheckItem, chosen: Chosen): boolean {
  if (chosen.kind === 'case') return check.kind === 'case' && check.caseId === chosen.caseId
  const { from, to, portfolio = null } = chosen
  return check.from === from && check.to === to && check.portfolio === portfolio
}

function archiveOf({ kind: _kind, ...chosen }: Chosen, purpose: string): string {
  const query = new URLSearchParams({ purpose })
  for (const [name, value] of Object.entries(chosen)) query.set(name, String(value))
  return `/console-api/evidence/archive?${query}`
}

function Checks({ checks }: { checks: readonly EvidenceCheckItem[] }): ReactElement {
  const say = useEvidenceTexts()
  return (
    <section className="card evidence-part" aria-label={say('checks')}>
      <h2>{say('checks')}</h2>
      {checks.length === 0 && <p className="empty">{say('noChecks')}</p>}
      <ul className="evidence-checks">
        {checks.map((check) => (
          <li key={check.id}>
            <span>{whatOf(check, say)}</span>
            <Outcome check={check} />
            <span className="quiet">
              {say('by', { who: check.askedBy, at: formatInstant(check.startedAt) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function whatOf({ kind, caseId, from, to, portfolio }: EvidenceCheckItem, say: Say<EvidenceKey>) {
  if (kind === 'log') return say('what.log')
  if (kind === 'case') return say('what.case', { id: caseId ?? '' })
  return `${from} – ${to}${portfolio === null ? '' : ` · ${portfolio}`}`
}

function Outcome({ check }: { check: EvidenceCheckItem }): ReactElement {
  const say = useEvidenceTexts()
  const { state, problemCount } = check
  if (state === 'running') return <span>{say('state.running', { percent: percentOf(check) })}</span>
  if (state === 'failed') return <strong className="warn">{say('state.failed')}</strong>
  if (problemCount === 0) return <strong className="good">{say('state.done')}</strong>
  return <strong className="bad">{say('state.bad', { count: problemCount })}</strong>
}
