import { dayAfter } from '@dunlin/ui'
import { Input, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Asked, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useDeskTexts } from './desk-texts.ts'
import { useDeskWord } from './desk-words.ts'
import { DialogSheet, parentOf } from './dialog-sheet.tsx'
import { CASE, type Desk } from './use-desk.ts'

type Given = { readonly desk: Desk; readonly onClose: () => void }
type Hold = NonNullable<Asked<'POST /console-api/desk/cases/:caseId/holds'>['body']>

const HOLDS: readonly Hold['kind'][] = [
  ...(['hardship', 'dispute', 'complaint', 'bereavement', 'deceased'] as const),
  ...(['attorney', 'cease', 'channel-stop', 'disaster', 'bankruptcy'] as const),
]
/** Times are shown and typed as in Shanghai, like everywhere in the console. */
const OFFSET = '+08:00'
const CHANNELS = ['call', 'sms', 'email', 'wecom'] as const

/** Stops contact at once: the gate reads a hold with its next question. */
export function HoldSheet({ desk, onClose }: Given): ReactElement {
  const say = useDeskTexts()
  const word = useDeskWord()
  const change = useChange('POST /console-api/desk/cases/:caseId/holds', [CASE])
  const [kind, setKind] = useState<Hold['kind']>('hardship')
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('call')
  const [reason, setReason] = useState('')
  const [to, setTo] = useState('')
  const save = (): void => {
    const body = {
      ...{ kind, reason: reason.trim() },
      ...(kind === 'channel-stop' ? { channel } : {}),
      ...(to === '' ? {} : { to: `${dayAfter(to, 1)}T00:00:00${OFFSET}` }),
    }
    change.mutate({ params: { caseId: desk.caseId }, body }, { onSuccess: onClose })
  }
  return (
    <DialogSheet title={say('hold')} onClose={onClose}>
      <p className="quiet">{say('holdLead')}</p>
      <div className="field">
        {say('holdKind')}
        <Select
          aria-label={say('holdKind')}
          value={kind}
          getPopupContainer={parentOf}
          options={HOLDS.map((value) => ({ value, label: word(value) ?? value }))}
          onChange={setKind}
        />
      </div>
      {kind === 'channel-stop' && (
        <div className="field">
          {say('channel')}
          <Select
            aria-label={say('channel')}
            value={channel}
            getPopupContainer={parentOf}
            options={CHANNELS.map((value) => ({ value, label: word(value) ?? value }))}
            onChange={setChannel}
          />
        </div>
      )}
      <div className="field">
        {say('holdReason')}
        <Input.TextArea
          aria-label={say('holdReason')}
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div className="field">
        {say('holdTo')}
        <Input
          aria-label={say('holdTo')}
          type="date"
          min={desk.data.case.today}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </div>
      <Save
        words={say('holdStart')}
        {...{ save, change }}
        reason={reason.trim() === '' ? say('fillIn') : null}
      />
    </DialogSheet>
  )
}

export function NoteSheet({ desk, onClose }: Given): ReactElement {
  const say = useDeskTexts()
  const change = useChange('POST /console-api/desk/cases/:caseId/notes', [CASE])
  const [text, setText] = useState('')
  const save = (): void =>
    change.mutate(
      { params: { caseId: desk.caseId }, body: { text: text.trim() } },
      { onSuccess: onClose },
    )
  return (
    <DialogSheet title={say('noteWrite')} onClose={onClose}>
      <div className="field">
        {say('note')}
        <Input.TextArea
          aria-label={say('note')}
          rows={4}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Save
        words={say('save')}
        {...{ save, change }}
        reason={text.trim() === '' ? say('fillIn') : null}
      />
    </DialogSheet>
  )
}

/** A time for the next talk; the server asks the gate about that moment and names the next that it would permit. */
export function CallbackSheet({ desk, onClose }: Given): ReactElement {
  const say = useDeskTexts()
  const change = useChange('POST /console-api/desk/cases/:caseId/callbacks', [CASE])
  const point = desk.data.lamps.find(({ channel }) => channel === 'call')
  const [at, setAt] = useState(`${dayAfter(desk.data.case.today, 1)}T10:00`)
  const [reason, setReason] = useState('')
  const save = (): void => {
    if (point === undefined) return
    const body = {
      at: `${at}:00${OFFSET}`,
      contactPointId: point.contactPointId,
      reason: reason.trim(),
    }
    change.mutate({ params: { caseId: desk.caseId }, body }, { onSuccess: onClose })
  }
  const missing = reason.trim() === '' || at === '' ? say('fillIn') : null
  return (
    <DialogSheet title={say('callback')} onClose={onClose}>
      <p className="quiet">{say('callbackLead')}</p>
      <div className="field">
        {say('callbackAt')}
        <Input
          aria-label={say('callbackAt')}
          type="datetime-local"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
      </div>
      <div className="field">
        {say('callbackReason')}
        <Input
          aria-label={say('callbackReason')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <Save
        words={say('callbackKeep')}
        {...{ save, change }}
        reason={point === undefined ? say('noPoints') : (missing ?? desk.blocked)}
      />
    </DialogSheet>
  )
}

type SaveGiven = {
  readonly words: string
  readonly save: () => void
  readonly reason: string | null
  readonly change: { readonly error: Error | null; readonly isPending: boolean }
}

function Save({ words, save, reason, change }: SaveGiven): ReactElement {
  const say = useDeskTexts()
  return (
    <>
      {change.error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: change.error.message })}
        </p>
      )}
      <ActionButton type="primary" reason={reason} loading={change.isPending} onClick={save}>
        {words}
      </ActionButton>
    </>
  )
}
