import { Alert, Button, Input, Select } from 'antd'
import type { ReactElement } from 'react'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useDeskTexts } from './desk-texts.ts'
import { useDeskWord } from './desk-words.ts'
import { DELAY_REASONS, NOT_REACHED, type Outcome, REACHED, TALKS } from './outcomes.ts'
import { PromiseFields } from './promise-fields.tsx'
import type { Desk } from './use-desk.ts'
import type { Wrap } from './use-wrap.ts'

/** What came of the call: one key where nobody was spoken to, a few more where somebody was. */
export function OutcomeCard({ desk, wrap }: { desk: Desk; wrap: Wrap }): ReactElement {
  const say = useDeskTexts()
  const may = useMay('case.work')
  const { draft, set, note, reason, change } = wrap
  const isTalk = draft.outcome?.party === 'right-party'
  return (
    <section className="card" aria-label={say('outcome')}>
      <h2>{say('outcome')}</h2>
      <Codes title={say('notReached')} outcomes={NOT_REACHED} wrap={wrap} />
      <Codes title={say('reached')} outcomes={REACHED} wrap={wrap} />
      {isTalk && draft.terms === null && <Talks wrap={wrap} />}
      {isTalk && <DelayReason wrap={wrap} />}
      {draft.terms !== null && <PromiseFields desk={desk} wrap={wrap} terms={draft.terms} />}
      {draft.outcome !== null && (
        <div className="field">
          {say('note')} <small className="quiet">{say('drafted')}</small>
          <Input.TextArea
            aria-label={say('note')}
            value={note}
            autoSize={{ minRows: 1, maxRows: 6 }}
            onChange={({ target }) => set({ note: target.value })}
          />
        </div>
      )}
      {change.error !== null && (
        <Alert type="error" showIcon title={say('failed', { detail: change.error.message })} />
      )}
      <ActionButton
        type="primary"
        block
        may={may}
        reason={reason}
        loading={change.isPending}
        onClick={wrap.save}
      >
        {say('wrap')} <kbd>Enter</kbd>
      </ActionButton>
    </section>
  )
}

type CodesGiven = {
  readonly title: string
  readonly outcomes: readonly Outcome[]
  readonly wrap: Wrap
}

function Codes({ title, outcomes, wrap }: CodesGiven): ReactElement {
  const word = useDeskWord()
  const { outcome: chosen } = wrap.draft
  return (
    <fieldset className="codes">
      <legend className="quiet">{title}</legend>
      {outcomes.map((outcome) => (
        <Button
          key={outcome.key}
          aria-pressed={chosen?.key === outcome.key}
          type={chosen?.key === outcome.key ? 'primary' : 'default'}
          onClick={() => wrap.choose(outcome)}
        >
          <kbd>{outcome.key}</kbd> {word(outcome.word)}
        </Button>
      ))}
    </fieldset>
  )
}

function Talks({ wrap }: { wrap: Wrap }): ReactElement {
  const say = useDeskTexts()
  const word = useDeskWord()
  return (
    <fieldset className="codes">
      <legend className="quiet">{say('talked')}</legend>
      {TALKS.map((talk) => (
        <Button
          key={talk}
          size="small"
          aria-pressed={wrap.draft.talk === talk}
          type={wrap.draft.talk === talk ? 'primary' : 'default'}
          onClick={() => wrap.set({ talk })}
        >
          {word(talk)}
        </Button>
      ))}
    </fieldset>
  )
}

function DelayReason({ wrap }: { wrap: Wrap }): ReactElement {
  const say = useDeskTexts()
  const word = useDeskWord()
  return (
    <div className="field">
      {say('delayReason')}
      <Select
        aria-label={say('delayReason')}
        value={wrap.draft.delayReason}
        placeholder={say('none')}
        allowClear
        options={DELAY_REASONS.map((value) => ({ value, label: word(value) ?? value }))}
        onChange={(value) => wrap.set({ delayReason: value ?? null })}
      />
    </div>
  )
}
