import { Alert, Button, Input, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useDeskTexts } from './desk-texts.ts'
import { CASE, type Desk } from './use-desk.ts'

const REASONS = ['prepare', 'answer-message', 'borrower-wrote', 'review'] as const
type Reason = (typeof REASONS)[number]

/** Who is on the line, before anything of a debt is shown. */
export function IdentityCard({ desk }: { desk: Desk }): ReactElement {
  const say = useDeskTexts()
  const { isOpen, how } = desk.data.identity
  if (isOpen)
    return (
      <p className="identity-known good" role="status">
        ✓ {say(how === 'verified' ? 'verified' : 'openedWith')}
      </p>
    )
  return (
    <section className="card identity" aria-label={say('identity')}>
      <h2>{say('identity')}</h2>
      <p>{say('identityLead')}</p>
      <Ask desk={desk} />
      <OpenWithReason desk={desk} />
    </section>
  )
}

function Ask({ desk }: { desk: Desk }): ReactElement {
  const say = useDeskTexts()
  const { bases, triesLeft } = desk.data.identity
  const change = useChange('POST /console-api/desk/cases/:caseId/identity', [CASE])
  const [chosen, setChosen] = useState<(typeof bases)[number] | null>(null)
  const [answer, setAnswer] = useState('')
  const basis = chosen ?? bases[0]
  if (basis === undefined) return <p className="quiet">{say('noBases')}</p>
  if (triesLeft === 0) return <Alert type="error" showIcon title={say('noTries')} />
  const check = (): void => {
    if (answer.trim() === '' || change.isPending) return
    const given = { params: { caseId: desk.caseId }, body: { basis, answer: answer.trim() } }
    change.mutate(given, { onSettled: () => setAnswer('') })
  }
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault()
        check()
      }}
    >
      {bases.length > 1 && (
        <Select
          aria-label={say('identity')}
          value={basis}
          options={bases.map((value) => ({ value, label: say(`basis.${value}`) }))}
          onChange={setChosen}
        />
      )}
      <Input
        id="desk-identity"
        aria-label={say(`basis.${basis}`)}
        placeholder={say(`basis.${basis}`)}
        autoComplete="off"
        value={answer}
        onChange={({ target }) => setAnswer(target.value)}
      />
      <ActionButton
        htmlType="submit"
        type="primary"
        loading={change.isPending}
        reason={answer.trim() === '' ? say('fillIn') : null}
      >
        {say('check')}
      </ActionButton>
      {change.data?.isOpen === false && (
        <span className="bad" role="alert">
          {say('wrongAnswer', { count: change.data.triesLeft })}
        </span>
      )}
      {change.error !== null && (
        <span className="bad" role="alert">
          {say('failed', { detail: change.error.message })}
        </span>
      )}
    </form>
  )
}

function OpenWithReason({ desk }: { desk: Desk }): ReactElement {
  const say = useDeskTexts()
  const change = useChange('POST /console-api/desk/cases/:caseId/identity', [CASE])
  const open = (reason: Reason): void =>
    change.mutate({ params: { caseId: desk.caseId }, body: { reason } })
  return (
    <details>
      <summary>{say('notOnCall')}</summary>
      <div className="row">
        {REASONS.map((reason) => (
          <Button key={reason} size="small" loading={change.isPending} onClick={() => open(reason)}>
            {say(`open.${reason}`)}
          </Button>
        ))}
      </div>
      {change.error !== null && (
        <span className="bad" role="alert">
          {say('failed', { detail: change.error.message })}
        </span>
      )}
    </details>
  )
}
