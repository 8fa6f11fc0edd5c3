import { Tour } from 'antd'
import type { ReactElement } from 'react'
import { useMe } from '../api/me.ts'
import { SECTIONS } from './navigation.tsx'
import { useTourTexts } from './tour-texts.ts'

/** What is worth seeing first, in this order; each is shown to those who may go there. */
const STOPS = [
  { to: '/', key: 'board' },
  { to: '/desk', key: 'desk' },
  { to: '/cases', key: 'cases' },
  { to: '/queues', key: 'queues' },
  { to: '/strategies', key: 'strategies' },
  { to: '/decisions', key: 'decisions' },
  { to: '/evidence', key: 'evidence' },
  { to: '/staff', key: 'staff' },
] as const

/** A walk along the navigation, for who sees the product for the first time. */
export function FirstTour({ onClose }: { onClose: () => void }): ReactElement {
  const say = useTourTexts()
  const { capabilities } = useMe()
  const open = new Set(
    SECTIONS.flatMap(({ places }) => places)
      .filter(({ needs }) => capabilities.includes(needs))
      .map(({ to }) => to),
  )
  // The navigation stands above the page on a phone, beside it elsewhere.
  const placement: 'bottom' | 'right' = matchMedia('(max-width: 760px)').matches
    ? 'bottom'
    : 'right'
  const stops = STOPS.filter(({ to }) => open.has(to))
  const steps = stops.map(({ to, key }, place) => ({
    title: say(`step.${key}`),
    description: say(`text.${key}`),
    placement,
    target: () => document.querySelector<HTMLElement>(`.side a[href="${to}"]`) ?? document.body,
    nextButtonProps: { children: say(place === stops.length - 1 ? 'end' : 'next') },
    prevButtonProps: { children: say('back') },
  }))
  return <Tour open steps={steps} onClose={onClose} onFinish={onClose} />
}
