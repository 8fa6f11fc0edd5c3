import { textsOf } from '@dunlin/ui'
import { useCallback, useState } from 'react'
import { call, newKey } from '../app/client.ts'
import { useProblemText } from '../app/texts.ts'
import { codeOf, useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { Load } from '../parts/parts.tsx'

const CHANNELS = ['sms', 'email', 'call', 'wecom'] as const
const HOURS = ['08:00-12:00', '12:00-14:00', '14:00-18:00', '18:00-22:00'] as const

const useChoices = textsOf('choices', {
  zh: {
    title: '联系方式与时间',
    intro: '改动马上生效。停用后，我们不再用这种方式为欠款联系您；您随时可以重新打开。',
    channels: '可以用哪些方式联系我',
    sms: '短信',
    email: '邮件',
    call: '电话',
    wecom: '微信（企业微信）',
    hours: '这些时段不方便',
    '08:00-12:00': '上午 8点到12点',
    '12:00-14:00': '中午 12点到2点',
    '14:00-18:00': '下午 2点到6点',
    '18:00-22:00': '晚上 6点到10点',
    others: '不要联系我的家人、朋友、单位',
    saved: '已生效',
    code: '如果把短信和邮件都停用，登录验证码也可能无法发送，届时请致电客服。',
  },
  en: {
    title: 'How and when to reach you',
    intro:
      'Changes hold at once. We do not use a way that you stop to contact you about the debt; you may open it again at any time.',
    channels: 'How we may contact you',
    sms: 'Text message',
    email: 'Email',
    call: 'Phone',
    wecom: 'WeChat (WeCom)',
    hours: 'Hours that do not suit',
    '08:00-12:00': 'Morning, 8 to 12',
    '12:00-14:00': 'Noon, 12 to 2',
    '14:00-18:00': 'Afternoon, 2 to 6',
    '18:00-22:00': 'Evening, 6 to 10',
    others: 'Do not contact my family, friends or work',
    saved: 'In force',
    code: 'If both text messages and email are stopped, codes for this page may not reach you either; then please call.',
  },
})

const loadChoices = () => call('GET /portal-api/choices', {})
type Given = Awaited<ReturnType<typeof loadChoices>>

export function ChoicesPage() {
  const say = useChoices()
  const [loaded, again] = useAnswer(loadChoices)
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {(given) => <Choices given={given} />}
      </Load>
    </Page>
  )
}

function Choices({ given }: { given: Given }) {
  const say = useChoices()
  const tell = useProblemText()
  const [stopped, setStopped] = useState(new Set(given.stops.map(({ channel }) => channel)))
  const [hours, setHours] = useState(new Set(given.hours))
  const [said, setSaid] = useState<{ text: string; isBad: boolean } | null>(null)
  // What was chosen shows when it is in force, not before.
  const save = useCallback(
    async (act: () => Promise<unknown>, show: () => void) => {
      setSaid(null)
      try {
        await act()
        show()
        setSaid({ text: say('saved'), isBad: false })
      } catch (error) {
        setSaid({ text: tell(codeOf(error)), isBad: true })
      }
    },
    [say, tell],
  )
  const choose = (channel: (typeof CHANNELS)[number], isStopped: boolean) =>
    save(
      () =>
        call('POST /portal-api/choices/channel', { body: { channel, isStopped }, once: newKey() }),
      () => setStopped(toggled(stopped, channel, isStopped)),
    )
  const chooseHour = (hour: string, isOn: boolean) => {
    const next = toggled(hours, hour, isOn)
    const body = { hours: [...next].toSorted() }
    return save(
      () => call('POST /portal-api/choices/hours', { body, once: newKey() }),
      () => setHours(next),
    )
  }
  return (
    <>
      <p>{say('intro')}</p>
      <div role="status" aria-live="polite">
        {said !== null && <p className={said.isBad ? 'note bad' : 'note good'}>{said.text}</p>}
      </div>
      <fieldset>
        <legend>{say('channels')}</legend>
        {CHANNELS.map((channel) => (
          <label className="choice" key={channel}>
            <input
              type="checkbox"
              checked={!stopped.has(channel)}
              onChange={(event) => void choose(channel, !event.target.checked)}
            />
            {say(channel)}
          </label>
        ))}
      </fieldset>
      {stopped.has('sms') && stopped.has('email') && <p className="note">{say('code')}</p>}
      <fieldset>
        <legend>{say('hours')}</legend>
        {HOURS.map((hour) => (
          <label className="choice" key={hour}>
            <input
              type="checkbox"
              checked={hours.has(hour)}
              onChange={(event) => void chooseHour(hour, event.target.checked)}
            />
            {say(hour)}
          </label>
        ))}
      </fieldset>
      <p>
        <a href="#/help/third-party-stop">{say('others')}</a>
      </p>
    </>
  )
}

function toggled(set: ReadonlySet<string>, item: string, isIn: boolean): Set<string> {
  const rest = [...set].filter((each) => each !== item)
  return new Set(isIn ? [...rest, item] : rest)
}
