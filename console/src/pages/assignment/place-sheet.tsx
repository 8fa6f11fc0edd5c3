import { Alert, App, Input, Modal, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { useAssignmentTexts } from './assignment-texts.ts'

type Choices = Pick<Answer<'GET /console-api/placements'>, 'agencies' | 'portfolios'>
const NONE: readonly string[] = []
const NEW = { name: '', agency: '', portfolio: '', recallOn: '', stages: NONE }

/** A batch of a portfolio's cases for an agency on the list, until a day. */
export function PlaceSheet(props: { choices: Choices; onClose: () => void }): ReactElement {
  const say = useAssignmentTexts()
  const { message } = App.useApp()
  const { choices, onClose } = props
  const [given, setGiven] = useState(NEW)
  const set = (change: Partial<typeof NEW>): void => setGiven({ ...given, ...change })
  const place = useChange('POST /console-api/placements', [
    'GET /console-api/placements',
    'GET /console-api/waiting',
  ])
  const { stages, ...named } = given
  const isWhole = Object.values(named).every((each) => each.trim() !== '')
  const send = (): void =>
    place.mutate(
      { body: { ...named, ...(stages.length === 0 ? {} : { stages: [...stages] }) } },
      {
        onSuccess: ({ cases }) => {
          message.success(say('placed', { count: cases }))
          onClose()
        },
      },
    )
  return (
    <Modal
      open
      title={say('place')}
      okText={say('place')}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: !isWhole, loading: place.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        <p>{say('placeLead')}</p>
        <Input
          aria-label={say('placementName')}
          placeholder={say('placementName')}
          value={given.name}
          maxLength={100}
          autoFocus
          onChange={({ target }) => set({ name: target.value })}
        />
        <Fields given={given} choices={choices} set={set} />
        {!isWhole && <p className="quiet">{say('fillAll')}</p>}
        {place.error !== null && <Alert type="error" showIcon title={place.error.message} />}
      </div>
    </Modal>
  )
}

type FieldProps = {
  readonly given: typeof NEW
  readonly choices: Choices
  readonly set: (change: Partial<typeof NEW>) => void
}

function Fields({ given, choices, set }: FieldProps): ReactElement {
  const say = useAssignmentTexts()
  const { agencies, portfolios } = choices
  const stages = portfolios.find(({ name }) => name === given.portfolio)?.stages ?? []
  return (
    <>
      <Select<string>
        aria-label={say('agency')}
        placeholder={say('chooseAgency')}
        value={given.agency === '' ? null : given.agency}
        options={agencies.map(({ name, isListed }) => ({
          value: name,
          label: isListed ? name : say('notListed', { name }),
          disabled: !isListed,
        }))}
        onChange={(agency) => set({ agency })}
      />
      <Select<string>
        aria-label={say('portfolio')}
        placeholder={say('choosePortfolio')}
        value={given.portfolio === '' ? null : given.portfolio}
        options={portfolios.map(({ name }) => ({ value: name, label: name }))}
        onChange={(portfolio) => set({ portfolio, stages: [] })}
      />
      <Select<string[]>
        mode="multiple"
        aria-label={say('stages')}
        placeholder={say('everyStage')}
        value={[...given.stages]}
        options={stages.map((stage) => ({ value: stage, label: stage }))}
        onChange={(chosen) => set({ stages: chosen })}
      />
      <label className="quiet" htmlFor="recall-on">
        {say('recallOn')}
      </label>
      <Input
        id="recall-on"
        type="date"
        value={given.recallOn}
        onChange={({ target }) => set({ recallOn: target.value })}
      />
    </>
  )
}
