import type { RuleItem } from '@dunlin/contract'
import { currentLanguage, formatDay } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { Loading } from '../../parts/loading.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import type { RuleSearch } from './compliance-search.ts'
import { useComplianceTexts } from './compliance-texts.ts'
import './compliance.css'

type Rules = Answer<'GET /console-api/rules'>
type Pack = Rules['packs'][number]

function inWords(text: RuleItem['title']): string {
  return text[currentLanguage() === 'en' ? 'en' : 'zh']
}

/** Every rule of the packs in use, with what it demands, its source and its dates. */
export function RuleList(): ReactElement {
  const say = useComplianceTexts()
  const search = useSearch({ from: '/shell/rules' })
  const navigate = useNavigate()
  const set = (change: RuleSearch): void =>
    void navigate({ to: '/rules', search: { ...search, ...change } })
  const { data, error, refetch } = useAnswer('GET /console-api/rules', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const shown = data.packs.filter(({ id, portfolios }) =>
    search.pack === undefined ? portfolios.length > 0 : id === search.pack,
  )
  const fitting = data.items.filter((rule) => fits(rule, search.find))
  const parts = shown
    .map((pack) => ({ pack, rules: fitting.filter(({ pack: own }) => own === pack.id) }))
    .filter(({ rules }) => rules.length > 0)
  return (
    <>
      <div className="filters">
        <FilterSelect
          label={say('pack')}
          any={say('inForce')}
          value={search.pack}
          width={220}
          options={data.packs.map(({ id, title }) => ({
            value: id,
            label: `${id} · ${inWords(title)}`,
          }))}
          onChange={(pack) => set({ pack })}
        />
        <TextFilter
          label={say('find')}
          value={search.find}
          width={220}
          onChange={(find) => set({ find })}
        />
      </div>
      <p className="quiet">{say('rulesLead')}</p>
      {parts.length === 0 && <p className="empty">{say('noRules')}</p>}
      {parts.map((part) => (
        <PackPart key={part.pack.id} {...part} />
      ))}
    </>
  )
}

function fits({ id, title, says }: RuleItem, find: string | undefined): boolean {
  if (find === undefined) return true
  const wanted = find.toLowerCase()
  return [id, title.zh, title.en, says.zh, says.en].some((text) =>
    text.toLowerCase().includes(wanted),
  )
}

function PackPart({ pack, rules }: { pack: Pack; rules: readonly RuleItem[] }): ReactElement {
  const say = useComplianceTexts()
  const { id, title, version, portfolios } = pack
  return (
    <section className="card" aria-label={inWords(title)}>
      <h2>
        {inWords(title)} <code>{id}</code>{' '}
        <small className="quiet">
          {say('version', { version })} ·{' '}
          {portfolios.length === 0
            ? say('unused')
            : say('usedBy', { portfolios: portfolios.join(', ') })}{' '}
          · <a href={`/help/rules/${id}.html`}>{say('cases')}</a>
        </small>
      </h2>
      <ul className="rules">
        {rules.map((rule) => (
          <li key={rule.id}>
            <span className={`tag ${rule.severity === 'forbid' ? 'bad' : 'quiet'}`}>
              {rule.severity}
            </span>{' '}
            <strong>{inWords(rule.title)}</strong> <code className="quiet">{rule.id}</code>
            <br />
            {inWords(rule.says)}
            <br />
            <span className="quiet">
              {say('source')}: {rule.source.instrument} ({rule.source.basis})
              {rule.source.note !== null && ` · ${rule.source.note}`}
              {rule.from !== null && ` · ${say('since')} ${rule.from}`}
              {rule.to !== null && ` → ${formatDay(rule.to)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
