import { dayAfter, formatDay, formatMoney } from '@dunlin/ui'
import { Button, Input } from 'antd'
import type { ReactElement } from 'react'
import { useDeskTexts } from './desk-texts.ts'
import type { Desk } from './use-desk.ts'
import { minorOf, type Wrap } from './use-wrap.ts'

const DAYS = [0, 1, 3, 7] as const

type Given = {
  readonly desk: Desk
  readonly wrap: Wrap
  readonly terms: NonNullable<Wrap['draft']['terms']>
}

/** Amount and day, then the terms read back: a promise is one only when the borrower said yes to it. */
export function PromiseFields({ desk, wrap, terms }: Given): ReactElement {
  const say = useDeskTexts()
  const { today, currency } = desk.data.case
  const set = (part: Partial<Given['terms']>): void =>
    wrap.set({ terms: { ...terms, readBack: 'open', ...part } })
  const said = {
    day: formatDay(terms.dueOn),
    amount: formatMoney(minorOf(terms.amount), currency),
  }
  return (
    <form
      className="promise"
      aria-label={say('promise')}
      onSubmit={(event) => {
        event.preventDefault()
        wrap.advance()
      }}
    >
      <div className="row">
        <div className="field">
          {say('amount')}
          <Input
            aria-label={say('amount')}
            inputMode="decimal"
            value={terms.amount}
            status={minorOf(terms.amount) > 0 ? '' : 'error'}
            onChange={({ target }) => set({ amount: target.value })}
          />
        </div>
        <div className="field">
          {say('on')}
          <Input
            aria-label={say('on')}
            type="date"
            min={today}
            value={terms.dueOn}
            onChange={({ target }) => set({ dueOn: target.value })}
          />
        </div>
      </div>
      <div className="row">
        {DAYS.map((days) => (
          <Button
            key={days}
            size="small"
            aria-pressed={terms.dueOn === dayAfter(today, days)}
            type={terms.dueOn === dayAfter(today, days) ? 'primary' : 'default'}
            onClick={() => set({ dueOn: dayAfter(today, days) })}
          >
            {say(`day.${days}`)}
          </Button>
        ))}
      </div>
      {terms.readBack === 'open' ? (
        <Button htmlType="submit">
          {say('readBackShow')} <kbd>Enter</kbd>
        </Button>
      ) : (
        <p className="read-back" role="status">
          {say('readBack', said)}
        </p>
      )}
      {terms.readBack === 'shown' && (
        <Button htmlType="submit" type="primary">
          {say('readBackYes')} <kbd>Enter</kbd>
        </Button>
      )}
      {terms.readBack === 'confirmed' && <p className="good">✓ {say('readBackYes')}</p>}
    </form>
  )
}
