import { formatCount, formatMoney, type Say } from '@dunlin/ui'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import type { Answer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { type AssignmentKey, useAssignmentTexts } from './assignment-texts.ts'
import { bandIn } from './band-words.ts'
import { LoadMeter } from './load-meter.tsx'

type Shown = Answer<'POST /console-api/deals/preview'>
type Line = {
  readonly name: string
  readonly isSum: boolean
  readonly load: { readonly held: number; readonly capacity: number } | null
  readonly cases: number
  readonly arrearsMinor: number | null
  readonly shares: readonly number[]
}
type Props = {
  readonly shown: Shown
  readonly bands: readonly number[]
  readonly isSending: boolean
  readonly onAnew: () => void
  readonly onDeal: (shown: Shown) => void
}
const CURRENCY = 'CNY'

/** Who would get how many of each stratum: a line an agent, a column a stratum. */
export function DealPreview({ shown, bands, isSending, onAnew, onDeal }: Props): ReactElement {
  const say = useAssignmentTexts()
  const { agents, cases, left, seed, isCut } = shown
  const getting = agents.filter((each) => each.cases > 0).length
  return (
    <>
      <section className="card deal-result" aria-label={say('preview')}>
        <h2>
          {say('result', {
            ...{ cases: formatCount(cases), agents: formatCount(getting) },
            left: formatCount(left),
          })}
        </h2>
        <span className="space" />
        <Button onClick={onAnew}>{say('anew')}</Button>
        <ActionButton
          type="primary"
          reason={cases === 0 ? say('nothing') : null}
          loading={isSending}
          onClick={() => onDeal(shown)}
        >
          {say('apply')}
        </ActionButton>
        <p className="quiet">
          {say('resultLead', { seed })} {left > 0 && say('leftWhy')} {isCut && say('cut')}
        </p>
      </section>
      <DataGrid
        label={say('preview')}
        columns={columnsOf(say, shown, bands)}
        rows={linesOf(say, shown)}
        rowKey={({ name, isSum }) => `${isSum} ${name}`}
        empty={say('nothing')}
      />
    </>
  )
}

/** The sums first, then what nobody can take, then each agent. */
function linesOf(say: Say<AssignmentKey>, { agents, strata, left }: Shown): Line[] {
  const sum = (of: (stratum: Shown['strata'][number]) => number): number =>
    strata.reduce((total, each) => total + of(each), 0)
  const none = { isSum: true, load: null } as const
  return [
    {
      ...{ ...none, name: say('all'), cases: sum(({ cases }) => cases) },
      arrearsMinor: sum(({ arrearsMinor }) => arrearsMinor),
      shares: strata.map(({ cases }) => cases),
    },
    ...(left === 0
      ? []
      : [
          {
            ...{ ...none, name: say('nobody'), cases: left, arrearsMinor: null },
            shares: strata.map((each) => each.left),
          },
        ]),
    ...agents.map(({ agent, held, capacity, cases, arrearsMinor }, place) => ({
      ...{ name: agent, isSum: false, cases, arrearsMinor },
      load: { held: held + cases, capacity },
      shares: strata.map(({ shares }) => shares[place] ?? 0),
    })),
  ]
}

function columnsOf(
  say: Say<AssignmentKey>,
  { strata, currency }: Shown,
  bands: readonly number[],
): Column<Line>[] {
  const money = currency ?? CURRENCY
  return [
    {
      key: 'agent',
      title: say('agent'),
      width: 140,
      show: ({ name, isSum }) => (isSum ? <strong>{name}</strong> : name),
    },
    {
      key: 'after',
      title: say('after'),
      width: 190,
      show: ({ name, load }) =>
        load === null ? '' : <LoadMeter label={`${say('after')} · ${name}`} {...load} />,
    },
    {
      key: 'cases',
      title: say('cases'),
      width: 90,
      isNumber: true,
      show: ({ cases }) => <strong>{formatCount(cases)}</strong>,
    },
    {
      key: 'arrears',
      title: say('arrears'),
      width: 150,
      isNumber: true,
      show: ({ arrearsMinor }) => (arrearsMinor === null ? '' : formatMoney(arrearsMinor, money)),
    },
    ...strata.map(({ stage, band }, place) => ({
      key: `${stage ?? ''} ${band}`,
      title: `${stage ?? '–'} · ${bandIn(bands, band, money)}`,
      width: 170,
      isNumber: true,
      show: ({ shares }: Line) => formatCount(shares[place] ?? 0),
    })),
  ]
}
