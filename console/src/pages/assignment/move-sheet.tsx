import type { FloorAgent } from '@dunlin/contract'
import { Alert, Input, Modal, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { useAssignmentTexts } from './assignment-texts.ts'

const NOBODY = ''
const REASON_MAX = 200

type Props = { readonly agents: readonly FloorAgent[]; readonly onClose: () => void }

/** One case given to somebody, or to nobody. */
export function MoveSheet({ agents, onClose }: Props): ReactElement {
  const say = useAssignmentTexts()
  const [caseId, setCaseId] = useState('')
  const [agent, setAgent] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const move = useChange('POST /console-api/moves', [
    ...(['GET /console-api/moves', 'GET /console-api/agents'] as const),
    'GET /console-api/waiting',
  ])
  const isWhole = /^\d{1,18}$/.test(caseId.trim()) && agent !== null && reason.trim() !== ''
  const send = (): void => {
    const body = { caseId: caseId.trim(), agent: agent === NOBODY ? null : agent, reason }
    move.mutate({ body }, { onSuccess: onClose })
  }
  return (
    <Modal
      open
      title={say('move')}
      okText={say('give')}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: !isWhole, loading: move.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        <p className="quiet">{say('moveLead')}</p>
        <label htmlFor="move-case">{say('caseId')}</label>
        <Input
          id="move-case"
          inputMode="numeric"
          value={caseId}
          autoFocus
          onChange={({ target }) => setCaseId(target.value)}
        />
        <label htmlFor="move-agent">{say('moveTo')}</label>
        <Select<string>
          id="move-agent"
          aria-label={say('moveTo')}
          value={agent}
          showSearch
          optionFilterProp="label"
          options={[
            { value: NOBODY, label: say('nobodyName') },
            ...agents
              .filter(({ barredBy }) => barredBy === null || barredBy === 'full')
              .map(({ login, name, held, capacity }) => ({
                value: login,
                label: `${name} ${login} (${held}/${capacity})`,
              })),
          ]}
          onChange={setAgent}
        />
        <Input.TextArea
          aria-label={say('reason')}
          placeholder={say('reason')}
          value={reason}
          maxLength={REASON_MAX}
          rows={2}
          onChange={({ target }) => setReason(target.value)}
        />
        {move.error !== null && <Alert type="error" showIcon title={move.error.message} />}
      </div>
    </Modal>
  )
}
