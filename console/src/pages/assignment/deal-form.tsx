import { Checkbox, Select } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useAssignmentTexts } from './assignment-texts.ts'

/** What a manager says of a deal; empty lists stand for everything. */
export type Rule = {
  readonly stages: readonly string[]
  readonly agents: readonly string[]
  /** Bounds between bands, in whole units of the currency. */
  readonly bands: readonly number[]
  readonly byLanguage: boolean
  readonly byStage: boolean
  readonly byMatter: boolean
}
export const NEW_RULE: Rule = {
  ...{ stages: [], agents: [], bands: [1000, 5000, 20_000] },
  ...{ byLanguage: false, byStage: false, byMatter: true },
}
const NEEDS = ['byLanguage', 'byStage', 'byMatter'] as const

type Props = {
  readonly rule: Rule
  readonly portfolio: string | undefined
  readonly currency: string
  readonly stages: readonly string[]
  readonly isSending: boolean
  readonly onPortfolio: (name: string) => void
  readonly onRule: (change: Partial<Rule>) => void
  readonly onPreview: () => void
}

export function DealForm(props: Props): ReactElement {
  const { rule, portfolio, currency, stages, isSending, onPortfolio, onRule, onPreview } = props
  const say = useAssignmentTexts()
  const names = usePortfolios()
  const agents = useAnswer('GET /console-api/agents', {}).data?.items ?? []
  return (
    <section className="card deal-form" aria-label={say('tab.deal')}>
      <label htmlFor="deal-portfolio">{say('portfolio')}</label>
      <Select<string>
        id="deal-portfolio"
        aria-label={say('portfolio')}
        value={portfolio ?? null}
        placeholder={say('choosePortfolio')}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={onPortfolio}
      />
      <label htmlFor="deal-stages">{say('stages')}</label>
      <Select<string[]>
        id="deal-stages"
        aria-label={say('stages')}
        mode="multiple"
        value={[...rule.stages]}
        placeholder={say('everyStage')}
        options={stages.map((stage) => ({ value: stage, label: stage }))}
        onChange={(chosen) => onRule({ stages: chosen })}
      />
      <label htmlFor="deal-bands">
        {say('bands')} ({currency})
      </label>
      <div>
        <Select<string[]>
          id="deal-bands"
          aria-label={say('bands')}
          aria-describedby="deal-bands-hint"
          mode="tags"
          open={false}
          suffixIcon={null}
          style={{ width: '100%' }}
          value={rule.bands.map(String)}
          onChange={(chosen) => onRule({ bands: boundsOf(chosen) })}
        />
        <p className="quiet hint" id="deal-bands-hint">
          {say('bandsHint')}
        </p>
      </div>
      <label htmlFor="deal-agents">{say('agents')}</label>
      <Select<string[]>
        id="deal-agents"
        aria-label={say('agents')}
        mode="multiple"
        maxTagCount="responsive"
        optionFilterProp="label"
        value={[...rule.agents]}
        placeholder={say('everyAgent')}
        options={agents
          .filter(({ barredBy }) => barredBy === null)
          .map(({ login, name }) => ({ value: login, label: `${name} ${login}` }))}
        onChange={(chosen) => onRule({ agents: chosen })}
      />
      <span className="name">{say('needs')}</span>
      <div className="checks">
        {NEEDS.map((need) => (
          <Checkbox
            key={need}
            checked={rule[need]}
            onChange={({ target }) => onRule({ [need]: target.checked })}
          >
            {say(need)}
          </Checkbox>
        ))}
      </div>
      <span />
      <div>
        <ActionButton
          type="primary"
          reason={portfolio === undefined ? say('choosePortfolio') : null}
          loading={isSending}
          onClick={onPreview}
        >
          {say('preview')}
        </ActionButton>
      </div>
    </section>
  )
}

/** Portfolios that somebody has cases of. */
function usePortfolios(): readonly string[] {
  const items = useAnswer('GET /console-api/cases/facets', {}).data?.portfolios ?? []
  return items
}

/** Whole amounts above zero, rising, each once; what is no amount is left out. */
function boundsOf(words: readonly string[]): number[] {
  const amounts = words.map((word) => Math.trunc(Number(word.replaceAll(/[,，\s]/g, ''))))
  return [...new Set(amounts)]
    .filter((each) => Number.isSafeInteger(each) && each > 0)
    .sort((a, b) => a - b)
}
