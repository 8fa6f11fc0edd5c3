import { formatInstant } from '@dunlin/ui'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import { ActionButton } from '../../parts/action-button.tsx'
import { addPasskey, dropPasskey, listPasskeys } from './account-calls.ts'
import { useAccountTexts } from './account-texts.ts'
import { useAct } from './use-act.ts'

const isKnown =
  typeof PublicKeyCredential !== 'undefined' &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential

export function PasskeysCard(): ReactElement {
  const say = useAccountTexts()
  const { data } = useQuery({
    queryKey: ['account', 'passkeys'],
    queryFn: ({ signal }) => listPasskeys(signal),
  })
  const add = useAct(addPasskey)
  const drop = useAct(dropPasskey)
  const error = add.error ?? drop.error
  return (
    <section className="card" aria-label={say('passkeys')}>
      <h2>{say('passkeys')}</h2>
      <p className="quiet">{say('passkeysLead')}</p>
      {data?.length === 0 && <p className="empty">{say('noPasskeys')}</p>}
      <ul>
        {data?.map(({ id, name, createdAt }) => (
          <li key={id}>
            <span>
              {name ?? say('unnamed')}{' '}
              <span className="quiet">{formatInstant(String(createdAt))}</span>
            </span>
            <Button size="small" loading={drop.isPending} onClick={() => drop.mutate(id)}>
              {say('remove')}
            </Button>
          </li>
        ))}
      </ul>
      <ActionButton
        reason={isKnown ? null : say('unsupported')}
        loading={add.isPending}
        onClick={() => add.mutate()}
      >
        {say('add')}
      </ActionButton>
      {error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: error.message })}
        </p>
      )}
    </section>
  )
}
