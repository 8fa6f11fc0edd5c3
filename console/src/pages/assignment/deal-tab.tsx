import { formatCount, formatMoney, minorPerMajor, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, type Asked, useAnswer, useChange } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { type AssignmentKey, useAssignmentTexts } from './assignment-texts.ts'
import { bandIn } from './band-words.ts'
import { DealForm, NEW_RULE, type Rule } from './deal-form.tsx'
import { DealPreview } from './deal-preview.tsx'

type Waiting = Answer<'GET /console-api/waiting'>['items'][number]
type Body = Asked<'POST /console-api/deals/preview'>['body']
const CURRENCY = 'CNY'

/** A deal: what waits, the rule, what it would give to whom, and then the deal itself. */
export function DealTab(): ReactElement {
  const say = useAssignmentTexts()
  const { portfolio } = useSearch({ from: '/shell/assignment' })
  const navigate = useNavigate()
  const [rule, setRule] = useState<Rule>(NEW_RULE)
  const waiting = useAnswer('GET /console-api/waiting', { query: { portfolio } })
  const preview = useChange('POST /console-api/deals/preview')
  const deal = useChange('POST /console-api/deals', [
    ...(['GET /console-api/waiting', 'GET /console-api/agents'] as const),
    ...(['GET /console-api/deals', 'GET /console-api/moves'] as const),
  ])
  if (waiting.error !== null && waiting.data === undefined)
    return <Failed error={waiting.error} reset={() => void waiting.refetch()} />
  const { items = [], bands = [] } = waiting.data ?? {}
  const currency = items.find((each) => each.portfolio === portfolio)?.currency ?? CURRENCY
  const body = portfolio === undefined ? null : bodyOf(rule, portfolio, currency)
  const reset = (): void => {
    preview.reset()
    deal.reset()
  }
  const show = (): void => {
    deal.reset()
    if (body !== null) preview.mutate({ body })
  }
  const send = (shown: Answer<'POST /console-api/deals/preview'>): void => {
    const { seed, digest } = shown
    if (body !== null)
      deal.mutate({ body: { ...body, seed, digest } }, { onSuccess: () => preview.reset() })
  }
  return (
    <>
      <DealForm
        rule={rule}
        portfolio={portfolio}
        currency={currency}
        stages={[...new Set(items.flatMap(({ stage }) => (stage === null ? [] : [stage])))]}
        isSending={preview.isPending}
        onPortfolio={(name) => {
          reset()
          void navigate({ to: '/assignment', search: { tab: 'deal', portfolio: name } })
        }}
        onRule={(change) => {
          reset()
          setRule({ ...rule, ...change })
        }}
        onPreview={show}
      />
      {deal.data !== undefined && (
        <Alert
          type="success"
          showIcon
          title={say('dealt', { ...deal.data, cases: formatCount(deal.data.cases) })}
        />
      )}
      {[preview.error, deal.error].map(
        (error) =>
          error !== null && <Alert key={error.code} type="error" showIcon title={error.message} />,
      )}
      {preview.data === undefined ? (
        <WaitingList items={items} bands={bands} isRead={waiting.data !== undefined} />
      ) : (
        <DealPreview
          shown={preview.data}
          bands={body?.amountBands ?? []}
          isSending={deal.isPending}
          onAnew={show}
          onDeal={send}
        />
      )}
    </>
  )
}

function bodyOf(rule: Rule, portfolio: string, currency: string): Body & { amountBands: number[] } {
  const { stages, agents, bands, byLanguage, byStage, byMatter } = rule
  const minor = minorPerMajor(currency)
  return {
    ...{ portfolio, byLanguage, byStage, byMatter },
    amountBands: bands.map((each) => each * minor),
    ...(stages.length === 0 ? {} : { stages: [...stages] }),
    ...(agents.length === 0 ? {} : { agents: [...agents] }),
  }
}

type WaitingProps = {
  readonly items: readonly Waiting[]
  readonly bands: readonly number[]
  readonly isRead: boolean
}

/** What nobody has, by what makes cases alike. */
function WaitingList({ items, bands, isRead }: WaitingProps): ReactElement {
  const say = useAssignmentTexts()
  const count = items.reduce((sum, { cases }) => sum + cases, 0)
  return (
    <>
      <h2>{say('waiting', { count: formatCount(count) })}</h2>
      <DataGrid
        label={say('waiting', { count: formatCount(count) })}
        columns={columnsOf(say, bands)}
        rows={items}
        rowKey={({ portfolio, agency, stage, band }) => `${portfolio} ${agency} ${stage} ${band}`}
        empty={isRead ? say('noWaiting') : '…'}
      />
    </>
  )
}

function columnsOf(say: Say<AssignmentKey>, bands: readonly number[]): Column<Waiting>[] {
  return [
    { key: 'portfolio', title: say('portfolio'), show: ({ portfolio }) => portfolio },
    { key: 'agency', title: say('agency'), width: 140, show: (row) => row.agency ?? say('house') },
    { key: 'stage', title: say('stage'), width: 100, show: ({ stage }) => stage ?? '–' },
    {
      key: 'band',
      title: say('band'),
      width: 170,
      show: ({ band, currency }) => bandIn(bands, band, currency),
    },
    {
      key: 'cases',
      title: say('cases'),
      width: 110,
      isNumber: true,
      show: ({ cases }) => formatCount(cases),
    },
    {
      key: 'arrears',
      title: say('arrears'),
      width: 170,
      isNumber: true,
      show: ({ arrearsMinor, currency }) => formatMoney(arrearsMinor, currency),
    },
  ]
}
