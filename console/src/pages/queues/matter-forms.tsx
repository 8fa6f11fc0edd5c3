import { formatDay } from '@dunlin/ui'
import { Alert, Checkbox, Input, Segmented, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { useMe } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type MatterFile, TOUCHES } from './matter-file.ts'
import { useQueueTexts } from './queue-texts.ts'

const OUTCOMES = ['upheld', 'partly-upheld', 'rejected', 'withdrawn'] as const
type Outcome = (typeof OUTCOMES)[number]
const CHANNELS = ['call', 'sms', 'email', 'wecom', 'letter', 'visit', 'other'] as const
type Channel = (typeof CHANNELS)[number]

/** A decision with reasons for the borrower; on an appeal by somebody else. */
export function DecideForm({ matter }: { matter: MatterFile }): ReactElement {
  const say = useQueueTexts()
  const { email } = useMe()
  const [outcome, setOutcome] = useState<Outcome>('upheld')
  const [reasons, setReasons] = useState('')
  const [keepHold, setKeepHold] = useState(false)
  const decide = useChange('POST /console-api/matters/:matterId/decision', TOUCHES)
  const isOwn = matter.state === 'appealed' && matter.decidedBy === email
  const missing = reasons.trim() === '' ? say('reasonFirst') : null
  return (
    <section className="card stacked" aria-label={say('decide')}>
      <h2>{say('decide')}</h2>
      <p className="quiet">{say('decideLead')}</p>
      <Segmented<Outcome>
        aria-label={say('outcome')}
        className="fits"
        value={outcome}
        options={OUTCOMES.map((value) => ({ value, label: say(value) }))}
        onChange={setOutcome}
      />
      <Input.TextArea
        aria-label={say('reasons')}
        placeholder={say('reasons')}
        value={reasons}
        rows={4}
        maxLength={4000}
        onChange={({ target }) => setReasons(target.value)}
      />
      <Checkbox checked={keepHold} onChange={({ target }) => setKeepHold(target.checked)}>
        {say('keepHold')}
      </Checkbox>
      {decide.error !== null && <Alert type="error" showIcon title={decide.error.message} />}
      <div>
        <ActionButton
          type="primary"
          reason={isOwn ? say('ownAppeal') : missing}
          loading={decide.isPending}
          onClick={() =>
            decide.mutate({ params: { matterId: matter.id }, body: { outcome, reasons, keepHold } })
          }
        >
          {say('confirm')}
        </ActionButton>
      </div>
    </section>
  )
}

/** A person has told the decision, this way. */
export function ToldForm({ matter }: { matter: MatterFile }): ReactElement {
  const say = useQueueTexts()
  const [channel, setChannel] = useState<Channel>('call')
  const told = useChange('POST /console-api/matters/:matterId/told', TOUCHES)
  return (
    <section className="card stacked" aria-label={say('told')}>
      <h2>{say('untold')}</h2>
      <p className="quiet">{say('toldLead')}</p>
      <div className="page-head">
        <Select<Channel>
          aria-label={say('channel')}
          value={channel}
          style={{ minWidth: 130 }}
          options={CHANNELS.map((value) => ({ value, label: say(value) }))}
          onChange={setChannel}
        />
        <ActionButton
          type="primary"
          loading={told.isPending}
          onClick={() => told.mutate({ params: { matterId: matter.id }, body: { channel } })}
        >
          {say('told')}
        </ActionButton>
      </div>
      {told.error !== null && <Alert type="error" showIcon title={told.error.message} />}
    </section>
  )
}

/** One appeal against a first decision, while its days last. */
export function AppealForm({ matter }: { matter: MatterFile }): ReactElement | null {
  const say = useQueueTexts()
  const [reason, setReason] = useState('')
  const appeal = useChange('POST /console-api/matters/:matterId/appeal', TOUCHES)
  if (matter.appealUntilOn === null) return null
  return (
    <section className="card stacked" aria-label={say('appeal')}>
      <h2>{say('appeal')}</h2>
      <p className="quiet">{say('appealLead', { day: formatDay(matter.appealUntilOn) })}</p>
      <Input.TextArea
        aria-label={say('appealWords')}
        placeholder={say('appealWords')}
        value={reason}
        rows={3}
        maxLength={4000}
        onChange={({ target }) => setReason(target.value)}
      />
      {appeal.error !== null && <Alert type="error" showIcon title={appeal.error.message} />}
      <div>
        <ActionButton
          reason={reason.trim() === '' ? say('reasonFirst') : null}
          loading={appeal.isPending}
          onClick={() => appeal.mutate({ params: { matterId: matter.id }, body: { reason } })}
        >
          {say('appeal')}
        </ActionButton>
      </div>
    </section>
  )
}
