import { UserOutlined } from '@ant-design/icons'
import { currentLanguage, request } from '@dunlin/ui'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import type { ReactElement } from 'react'
import { useMe } from '../api/me.ts'
import { useShellTexts } from './shell-texts.ts'

export function AccountMenu({ onTour }: { onTour: () => void }): ReactElement {
  const say = useShellTexts()
  const { name, email } = useMe()
  const navigate = useNavigate()
  const items = [
    { key: 'who', label: email, disabled: true },
    {
      key: 'account',
      label: say('account'),
      onClick: () => void navigate({ to: '/account' }),
    },
    {
      key: 'help',
      label: say('handbook'),
      onClick: () =>
        window.open(currentLanguage() === 'en' ? '/help/' : '/help/zh/', '_blank', 'noopener'),
    },
    { key: 'tour', label: say('tour'), onClick: onTour },
    { type: 'divider' as const },
    { key: 'out', label: say('signOut'), onClick: signOut },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button type="text" icon={<UserOutlined />} aria-label={name}>
        <span className="who">{name}</span>
      </Button>
    </Dropdown>
  )
}

async function signOut(): Promise<void> {
  await request('POST', '/auth/sign-out', {})
  location.assign('/sign-in')
}
