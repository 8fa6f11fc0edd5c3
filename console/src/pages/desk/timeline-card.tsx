import { formatInstant, formatMoney } from '@dunlin/ui'
import { Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useWord } from '../../parts/word-texts.ts'
import { useDeskTexts } from './desk-texts.ts'
import { useDeskWord } from './desk-words.ts'
import { TIMELINE_KINDS } from './timeline-kinds.ts'
import type { DeskCase } from './use-desk.ts'

type Item = DeskCase['timeline'][number]
type Kind = Item['kind']

/** Everything that happened with this borrower, newest first, in one list. */
export function TimelineCard({ data }: { data: DeskCase }): ReactElement {
  const say = useDeskTexts()
  const [kind, setKind] = useState<Kind | 'all'>('all')
  const shown = data.timeline.filter((item) => kind === 'all' || item.kind === kind)
  return (
    <section className="card" aria-label={say('timeline')}>
      <h2>
        {say('timeline')}
        <span className="space" />
        <Select
          size="small"
          aria-label={say('filter')}
          value={kind}
          style={{ minWidth: 110 }}
          options={(['all', ...TIMELINE_KINDS] as const).map((value) => ({
            value,
            label: value === 'all' ? say('all') : say(`kind.${value}`),
          }))}
          onChange={setKind}
        />
      </h2>
      {shown.length === 0 && <p className="empty">{say('nothing')}</p>}
      <ol className="events">
        {shown.map((item) => (
          <Line key={`${item.kind} ${item.id}`} item={item} currency={data.case.currency} />
        ))}
      </ol>
    </section>
  )
}

function Line({ item, currency }: { item: Item; currency: string }): ReactElement {
  const say = useDeskTexts()
  const word = useWord()
  const deskWord = useDeskWord()
  const told = (code: string): string => deskWord(code) ?? word(code)
  const { at, kind, what, state, by, text, amountMinor, rule, isInbound } = item
  return (
    <li className={isInbound ? 'inbound' : ''}>
      <time dateTime={at}>{formatInstant(at)}</time>
      <div>
        <span className="tag quiet">{say(`kind.${kind}`)}</span> {isInbound && '← '}
        {told(what)}
        {state !== null && ` · ${told(state)}`}
        {amountMinor !== null && ` · ${formatMoney(amountMinor, currency)}`}
        {by !== null && <span className="quiet"> · {told(by)}</span>}
        {rule !== null && <span className="bad"> · {rule}</span>}
        {text !== null && <p className="words">{text}</p>}
      </div>
    </li>
  )
}
