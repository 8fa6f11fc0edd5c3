import { ProblemError } from '@dunlin/ui'
import { Button, Input, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { DialogSheet, parentOf } from './dialog-sheet.tsx'
import { useUnmaskTexts } from './unmask-texts.ts'
import type { Unmask, UnmaskGiven } from './use-unmask.ts'

type Reason = UnmaskGiven['reason']
const REASONS: readonly Reason[] = ['inbound', 'correct', 'complaint', 'review', 'authority']
const WORDS_MIN = 4

type Given = {
  readonly point: string
  readonly contactPointId: string
  readonly unmask: Unmask
}

/** A contact point: masked, or for a moment in the clear to whoever may and says why. */
export function ContactPoint({ point, contactPointId, unmask }: Given): ReactElement {
  const say = useUnmaskTexts()
  const may = useMay('person.unmask')
  const [isOpen, setOpen] = useState(false)
  const { shown, hide } = unmask
  const open = (): void => {
    hide()
    setOpen(true)
  }
  if (shown?.contactPointId === contactPointId)
    return (
      <>
        <strong className="unmasked">{shown.value}</strong>{' '}
        <Button size="small" type="link" title={say('shown')} onClick={hide}>
          {say('hide')}
        </Button>
      </>
    )
  return (
    <>
      {point}{' '}
      {may.can && (
        <Button size="small" type="link" aria-label={say('showOf', { point })} onClick={open}>
          {say('show')}
        </Button>
      )}
      {isOpen && <Sheet {...{ point, contactPointId, unmask }} onClose={() => setOpen(false)} />}
    </>
  )
}

function Sheet(given: Given & { readonly onClose: () => void }): ReactElement {
  const { point, contactPointId, unmask, onClose } = given
  const say = useUnmaskTexts()
  const [reason, setReason] = useState<Reason | null>(null)
  const [words, setWords] = useState('')
  const isShort = words.trim().length < WORDS_MIN
  const missing = reason === null ? say('choose') : isShort ? say('fillIn') : null
  const detailOf = (error: Error): string =>
    error instanceof ProblemError && error.field === 'words' ? say('badWords') : error.message
  const submit = (): void => {
    if (reason === null || isShort || unmask.isAsking) return
    void unmask
      .ask(contactPointId, { reason, words: words.trim() })
      .then((isShown) => (isShown ? onClose() : undefined))
  }
  return (
    <DialogSheet title={say('title', { point })} onClose={onClose}>
      <p className="quiet">{say('lead')}</p>
      <div className="field">
        {say('reason')}
        <Select
          aria-label={say('reason')}
          value={reason}
          placeholder={say('choose')}
          getPopupContainer={parentOf}
          options={REASONS.map((value) => ({ value, label: say(`reason.${value}`) }))}
          onChange={setReason}
        />
      </div>
      <div className="field">
        {say('words')}
        <Input.TextArea
          aria-label={say('words')}
          rows={2}
          maxLength={300}
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
        <span className="quiet">{say('wordsHint')}</span>
      </div>
      {unmask.error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: detailOf(unmask.error) })}
        </p>
      )}
      <ActionButton type="primary" reason={missing} loading={unmask.isAsking} onClick={submit}>
        {say('submit')}
      </ActionButton>
    </DialogSheet>
  )
}
