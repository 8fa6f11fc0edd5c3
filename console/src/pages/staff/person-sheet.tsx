import { ROLES } from '@dunlin/contract/roles'
import { Alert, App, Input, Modal, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { AccessPart } from './access-part.tsx'
import { Once } from './once.tsx'
import { useStaffTexts } from './staff-texts.ts'

type Staff = Answer<'GET /console-api/staff'>
type Person = Staff['items'][number]
type Props = {
  /** Null: somebody is added. */
  readonly person: Person | null
  readonly places: Pick<Staff, 'teams' | 'agencies' | 'agents'>
  readonly onClose: () => void
}
const LIST = ['GET /console-api/staff'] as const

/** A person's post, and below it their access; or somebody new. */
export function PersonSheet({ person, places, onClose }: Props): ReactElement {
  const say = useStaffTexts()
  const { message } = App.useApp()
  const [given, setGiven] = useState<Pick<Person, 'name' | 'email'> & Given>(() => postOf(person))
  const set = (change: Partial<typeof given>): void => setGiven({ ...given, ...change })
  const add = useChange('POST /console-api/staff', LIST)
  const post = useChange('POST /console-api/staff/:userId/post', LIST)
  const { name, email, ...place } = given
  const send = (): void => {
    if (person === null) add.mutate({ body: given })
    else
      post.mutate(
        { params: { userId: person.userId }, body: place },
        { onSuccess: () => void message.success(say('saved')) },
      )
  }
  const password = add.data?.password
  const failed = add.error ?? post.error
  return (
    <Modal
      open
      title={person === null ? say('add') : `${person.name} · ${person.email}`}
      footer={null}
      onCancel={onClose}
    >
      <div className="stacked">
        {person === null && (
          <Identity name={name} email={email} isDone={password !== undefined} onChange={set} />
        )}
        <Post given={given} places={places} onChange={set} />
        {failed !== null && <Alert type="error" showIcon title={failed.message} />}
        {password === undefined ? (
          <div className="page-head">
            <ActionButton
              type="primary"
              reason={whyNot()}
              loading={add.isPending || post.isPending}
              onClick={send}
            >
              {say('save')}
            </ActionButton>
          </div>
        ) : (
          <Once password={password} />
        )}
        {person !== null && <AccessPart person={person} />}
      </div>
    </Modal>
  )

  function whyNot(): string | null {
    if (person?.isMe === true) return say('own')
    if (name.trim() === '' || email.trim() === '') return say('identityFirst')
    return given.roles.length === 0 ? say('rolesFirst') : null
  }
}

/** What the form begins with. */
function postOf(person: Person | null) {
  if (person === null)
    return { name: '', email: '', roles: [], team: null, agency: null, agent: null }
  const { name, email, roles, team, agency, agent } = person
  return { name, email, roles: [...roles], team, agency, agent }
}

type IdentityProps = {
  readonly name: string
  readonly email: string
  readonly isDone: boolean
  readonly onChange: (change: { name?: string; email?: string }) => void
}

function Identity({ name, email, isDone, onChange }: IdentityProps): ReactElement {
  const say = useStaffTexts()
  return (
    <>
      <Input
        aria-label={say('name')}
        placeholder={say('name')}
        value={name}
        maxLength={100}
        disabled={isDone}
        autoFocus
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <Input
        type="email"
        aria-label={say('email')}
        placeholder={say('email')}
        value={email}
        maxLength={200}
        disabled={isDone}
        onChange={({ target }) => onChange({ email: target.value })}
      />
    </>
  )
}

type Given = Pick<Person, 'roles' | 'team' | 'agency' | 'agent'>
type PostProps = {
  readonly given: Given
  readonly places: Props['places']
  readonly onChange: (change: Partial<Given>) => void
}

function Post({ given, places, onChange }: PostProps): ReactElement {
  const say = useStaffTexts()
  return (
    <>
      <Select
        mode="multiple"
        aria-label={say('roles')}
        placeholder={say('roles')}
        value={given.roles}
        options={ROLES.map((value) => ({ value, label: say(`role.${value}`) }))}
        onChange={(roles) => onChange({ roles })}
      />
      <Place words="team" value={given.team} names={places.teams} onChange={onChange} />
      <Place words="agent" value={given.agent} names={places.agents} onChange={onChange} />
      <Place words="agency" value={given.agency} names={places.agencies} onChange={onChange} />
      {given.agency !== null && <p className="quiet">{say('agencyLead')}</p>}
    </>
  )
}

type PlaceProps = {
  readonly words: 'team' | 'agency' | 'agent'
  readonly value: string | null
  readonly names: readonly string[]
  readonly onChange: (change: Partial<Given>) => void
}

function Place({ words, value, names, onChange }: PlaceProps): ReactElement {
  const say = useStaffTexts()
  return (
    <Select<string>
      aria-label={say(words)}
      value={value ?? ''}
      showSearch
      options={[
        { value: '', label: `${say(words)}: ${say('none')}` },
        ...names.map((name) => ({ value: name, label: `${say(words)}: ${name}` })),
      ]}
      onChange={(chosen) => onChange({ [words]: chosen === '' ? null : chosen })}
    />
  )
}
