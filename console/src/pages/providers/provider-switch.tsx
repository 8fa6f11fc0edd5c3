import { formatInstant } from '@dunlin/ui'
import { Alert, Input, Modal } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import type { Provider } from './provider-state.ts'
import { useProviderTexts } from './provider-texts.ts'

/** The words of a stop and of its end. */
const STOP = { act: 'stop', lead: 'stopLead', reason: 'stopReason', ask: 'confirmStop' } as const
const RESUME = {
  act: 'resume',
  lead: 'resumeLead',
  reason: 'resumeReason',
  ask: 'confirmResume',
} as const
const TOUCHES = ['GET /console-api/providers'] as const

/** The kill switch: a reason, then a question, then nothing more goes out. It can only forbid. */
export function ProviderSwitch({ provider }: { provider: Provider }): ReactElement {
  const say = useProviderTexts()
  const may = useMay('provider.stop')
  const [reason, setReason] = useState('')
  const [isAsking, setAsking] = useState(false)
  const stop = useChange('POST /console-api/providers/:name/stop', TOUCHES)
  const resume = useChange('POST /console-api/providers/:name/resume', TOUCHES)
  const { name, stopped } = provider
  const isStopped = stopped !== null
  const words = isStopped ? RESUME : STOP
  const change = isStopped ? resume : stop
  const send = (): void =>
    change.mutate(
      { params: { name }, body: { reason } },
      {
        onSuccess: () => setReason(''),
        onSettled: () => setAsking(false),
      },
    )
  return (
    <section className="card provider-side" aria-label={say(words.act)}>
      <h2>{say(words.act)}</h2>
      {isStopped && (
        <p className="bad">{say('stoppedBy', { ...stopped, at: formatInstant(stopped.at) })}</p>
      )}
      <p className="quiet">{say(words.lead)}</p>
      <Input
        aria-label={say(words.reason)}
        placeholder={say(words.reason)}
        value={reason}
        maxLength={500}
        onChange={({ target }) => setReason(target.value)}
      />
      {change.error !== null && <Alert type="error" showIcon title={change.error.message} />}
      <div>
        <ActionButton
          danger={!isStopped}
          may={may}
          reason={reason.trim() === '' ? say('reasonFirst') : null}
          onClick={() => setAsking(true)}
        >
          {say(words.act)}
        </ActionButton>
      </div>
      <Modal
        open={isAsking}
        title={say(words.ask, { name })}
        okText={say(words.act)}
        cancelText={say('cancel')}
        okButtonProps={{ danger: !isStopped, loading: change.isPending }}
        onOk={send}
        onCancel={() => setAsking(false)}
      >
        <p>{say(words.lead)}</p>
        <p>
          <strong>{reason}</strong>
        </p>
      </Modal>
    </section>
  )
}
