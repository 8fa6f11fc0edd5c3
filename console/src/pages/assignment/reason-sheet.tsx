import { Alert, Input, Modal } from 'antd'
import { type ReactElement, useState } from 'react'
import { useAssignmentTexts } from './assignment-texts.ts'

type Props = {
  readonly title: string
  readonly lead: string
  readonly ok: string
  readonly isSending: boolean
  readonly error: Error | null
  readonly onSend: (reason: string) => void
  readonly onClose: () => void
}

const REASON_MAX = 200

/** Something that is taken back, and why. */
export function ReasonSheet(props: Props): ReactElement {
  const { title, lead, ok, isSending, error, onSend, onClose } = props
  const say = useAssignmentTexts()
  const [reason, setReason] = useState('')
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: reason.trim() === '', loading: isSending }}
      onOk={() => onSend(reason)}
      onCancel={onClose}
    >
      <div className="stacked">
        <p>{lead}</p>
        <Input.TextArea
          aria-label={say('reason')}
          placeholder={say('reason')}
          value={reason}
          maxLength={REASON_MAX}
          rows={3}
          autoFocus
          onChange={({ target }) => setReason(target.value)}
        />
        {error !== null && <Alert type="error" showIcon title={error.message} />}
      </div>
    </Modal>
  )
}
