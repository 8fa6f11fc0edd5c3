import { Link } from '@tanstack/react-router'
import { Result } from 'antd'
import type { ReactElement } from 'react'
import { useShellTexts } from '../app/shell-texts.ts'

export function NotFound(): ReactElement {
  const say = useShellTexts()
  return <Result status="404" title={say('notFound')} extra={<Link to="/">{say('home')}</Link>} />
}
