import { textsOf } from '@dunlin/ui'
import { useCallback, useState } from 'react'
import { call } from '../app/client.ts'
import { go } from '../app/route.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Field, Load } from '../parts/parts.tsx'

const useEnter = textsOf('enter', {
  zh: {
    title: '确认是您本人',
    intro: '这里是{{lender}}为您准备的个人服务页。打开之前，请用验证码确认是您本人。',
    where: '验证码发到哪里？',
    phone: '短信 {{point}}',
    email: '邮件 {{point}}',
    send: '发送验证码',
    again: '重新发送验证码',
    sent: '验证码已发送，{{minutes}}分钟内有效。',
    code: '6位验证码',
    never: '我们的工作人员不会向您索要验证码。',
    enter: '进入',
    none: '我们没有您可以接收验证码的手机号或邮箱。请致电{{line}}。',
    demo: '演示：查看刚发送的验证码',
    demoNone: '还没有发出，请稍等再看一次。',
  },
  en: {
    title: 'Please show that it is you',
    intro:
      'This is your personal page at {{lender}}. Before it opens, a code shows that it is you.',
    where: 'Where shall the code go?',
    phone: 'Text message to {{point}}',
    email: 'Email to {{point}}',
    send: 'Send the code',
    again: 'Send another code',
    sent: 'The code is on its way. It is good for {{minutes}} minutes.',
    code: 'Code of 6 digits',
    never: 'Our staff never ask for this code.',
    enter: 'Enter',
    none: 'We know no phone or mailbox of yours for a code. Please call {{line}}.',
    demo: 'Demo: show the code that was sent',
    demoNone: 'It has not gone out yet. Look again in a moment.',
  },
})

/** A link leads here: whose page it is, and the code that opens it. */
export function EnterPage({ token }: { token: string }) {
  const say = useEnter()
  const [opened, again] = useAnswer(
    useCallback(() => call('POST /portal-api/session/link', { body: { token } }), [token]),
  )
  return (
    <Page title={say('title')}>
      <Load loaded={opened} again={again}>
        {(link) => <CodeForms token={token} link={link} />}
      </Load>
    </Page>
  )
}

type Link = {
  readonly lender: string
  readonly contactLine: string
  readonly points: readonly { id: string; kind: 'phone' | 'email'; masked: string }[]
  readonly isDemo: boolean
}

function CodeForms({ token, link }: { token: string; link: Link }) {
  const say = useEnter()
  const [pointId, setPointId] = useState(link.points[0]?.id ?? '')
  const [minutes, setMinutes] = useState<number | null>(null)
  const [code, setCode] = useState('')
  if (link.points.length === 0)
    return <p className="note">{say('none', { line: link.contactLine })}</p>
  const sendCode = async () => {
    const sent = await call('POST /portal-api/session/code', { body: { token, pointId } })
    setMinutes(sent.minutes)
  }
  const enter = async () => {
    await call('POST /portal-api/session/enter', { body: { token, code: code.trim() } })
    go('')
  }
  return (
    <>
      <p>{say('intro', { lender: link.lender })}</p>
      <ActForm
        label={say(minutes === null ? 'send' : 'again')}
        act={sendCode}
        tone={minutes === null ? 'primary' : 'default'}
      >
        <fieldset>
          <legend>{say('where')}</legend>
          {link.points.map(({ id, kind, masked }) => (
            <label className="choice" key={id}>
              <input
                type="radio"
                name="point"
                checked={id === pointId}
                onChange={() => setPointId(id)}
              />
              {say(kind, { point: masked })}
            </label>
          ))}
        </fieldset>
      </ActForm>
      <div role="status">
        {minutes !== null && <p className="note good">{say('sent', { minutes })}</p>}
      </div>
      {minutes !== null && (
        <ActForm label={say('enter')} act={enter} isReady={/^\s*\d{6}\s*$/.test(code)}>
          <Field
            label={say('code')}
            hint={say('never')}
            value={code}
            onChange={setCode}
            mode="numeric"
            complete="one-time-code"
          />
        </ActForm>
      )}
      {minutes !== null && link.isDemo && <DemoCode token={token} />}
    </>
  )
}

function DemoCode({ token }: { token: string }) {
  const say = useEnter()
  const [shown, setShown] = useState<string | null>(null)
  const show = async () => {
    const { code } = await call('POST /portal-api/demo/code', { body: { token } })
    setShown(code ?? say('demoNone'))
  }
  return (
    <ActForm label={say('demo')} act={show} tone="default">
      <p role="status">{shown}</p>
    </ActForm>
  )
}
