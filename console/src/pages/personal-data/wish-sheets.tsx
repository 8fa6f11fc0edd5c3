import { Alert, App, Input, Modal, Segmented } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { usePersonalDataTexts } from './personal-data-texts.ts'

const WISHES = 'GET /console-api/personal-data/erasures'
export type Wish = Answer<typeof WISHES>['items'][number]
const VERDICTS = ['refused', 'done'] as const
type Verdict = (typeof VERDICTS)[number]

/** Asks by the borrower's number; nothing is deleted by it. */
export function AskSheet({ onClose }: { onClose: () => void }): ReactElement {
  const say = usePersonalDataTexts()
  const { message } = App.useApp()
  const [borrowerNo, setBorrowerNo] = useState('')
  const ask = useChange('POST /console-api/personal-data/erasures', [WISHES])
  const send = (): void =>
    ask.mutate(
      { body: { borrowerNo } },
      {
        onSuccess: ({ earliestOn }) => {
          message.success(say('asked', { day: earliestOn }))
          onClose()
        },
      },
    )
  const isEmpty = borrowerNo.trim() === ''
  return (
    <Modal
      open
      title={say('ask')}
      okText={say('send')}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: isEmpty, loading: ask.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        <p>{say('askLead')}</p>
        <Input
          aria-label={say('borrower')}
          placeholder={say('borrower')}
          value={borrowerNo}
          maxLength={100}
          autoFocus
          onChange={({ target }) => setBorrowerNo(target.value)}
          onPressEnter={() => !isEmpty && send()}
        />
        {ask.error !== null && <Alert type="error" showIcon title={ask.error.message} />}
      </div>
    </Modal>
  )
}

/** A second person's word; to delete is not offered while something stands in its way. */
export function DecideSheet({ wish, onClose }: { wish: Wish; onClose: () => void }): ReactElement {
  const say = usePersonalDataTexts()
  const [verdict, setVerdict] = useState<Verdict>(wish.because === null ? 'done' : 'refused')
  const [reason, setReason] = useState('')
  const decide = useChange('POST /console-api/personal-data/erasures/:erasureId/decision', [WISHES])
  const send = (): void =>
    decide.mutate(
      { params: { erasureId: wish.id }, body: { verdict, reason } },
      { onSuccess: onClose },
    )
  return (
    <Modal
      open
      title={say('decideTitle', { no: wish.borrowerNo })}
      okText={say('confirm')}
      cancelText={say('cancel')}
      okButtonProps={{
        danger: verdict === 'done',
        disabled: reason.trim() === '',
        loading: decide.isPending,
      }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        {wish.because !== null && <Alert type="warning" showIcon title={say(wish.because)} />}
        <Segmented<Verdict>
          aria-label={say('verdict')}
          className="fits"
          value={verdict}
          options={VERDICTS.map((value) => ({
            value,
            label: say(`verdict.${value}`),
            disabled: value === 'done' && wish.because !== null,
          }))}
          onChange={setVerdict}
        />
        {verdict === 'done' && <p>{say('decideLead')}</p>}
        <Input.TextArea
          aria-label={say('reason')}
          placeholder={say('reasonLead')}
          value={reason}
          maxLength={500}
          rows={3}
          onChange={({ target }) => setReason(target.value)}
        />
        {decide.error !== null && <Alert type="error" showIcon title={decide.error.message} />}
      </div>
    </Modal>
  )
}
