import type { FloorAgent } from '@dunlin/contract'
import { Alert, InputNumber, Modal, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { skillIn, useAssignmentTexts } from './assignment-texts.ts'

const KNOWN = ['zh-CN', 'en', 'hardship', 'dispute', 'complaint', 'bereavement'] as const
const CAPACITY_MAX = 100_000

type Props = { readonly agent: FloorAgent; readonly onClose: () => void }

/** What an agent can hold and may take. */
export function AgentSheet({ agent, onClose }: Props): ReactElement {
  const say = useAssignmentTexts()
  const [capacity, setCapacity] = useState<number | null>(agent.capacity)
  const [skills, setSkills] = useState<string[]>([...agent.skills])
  const change = useChange('POST /console-api/agents/:login', ['GET /console-api/agents'])
  const send = (): void => {
    if (capacity === null) return
    const given = { params: { login: agent.login }, body: { capacity, skills } }
    change.mutate(given, { onSuccess: onClose })
  }
  const offered = [...new Set([...KNOWN, ...agent.skills])]
  return (
    <Modal
      open
      title={`${say('change')} · ${agent.name}`}
      okText={say('save')}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: capacity === null, loading: change.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        <p className="quiet">{say('changeLead')}</p>
        <label htmlFor="agent-capacity">{say('capacity')}</label>
        <InputNumber<number>
          id="agent-capacity"
          min={0}
          max={CAPACITY_MAX}
          precision={0}
          value={capacity}
          autoFocus
          onChange={setCapacity}
        />
        <label htmlFor="agent-skills">{say('skills')}</label>
        <Select<string[]>
          id="agent-skills"
          aria-label={say('skills')}
          mode="tags"
          value={skills}
          placeholder={say('skillsHint')}
          options={offered.map((value) => ({ value, label: skillIn(say, value) }))}
          onChange={setSkills}
        />
        {change.error !== null && <Alert type="error" showIcon title={change.error.message} />}
      </div>
    </Modal>
  )
}
