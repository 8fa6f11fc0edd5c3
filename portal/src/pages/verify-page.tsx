import { textsOf } from '@dunlin/ui'
import { useState } from 'react'
import { call } from '../app/client.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Field } from '../parts/parts.tsx'

const useVerify = textsOf('verify', {
  zh: {
    title: '核验是不是我们',
    intro:
      '有人自称是我们联系您？输入对方的电话号码、短信号码、邮箱地址，或者信函上的文件编号，看看是不是真的。',
    value: '号码、邮箱或文件编号',
    check: '核验',
    phone: '是我们的电话',
    sender: '是我们发短信的号码',
    email: '是我们的邮箱',
    letter: '是我们出具的文件',
    ours: '属于{{lender}}。客服 {{contact}}，投诉 {{complaint}}。',
    spoof: '号码也可能被人冒用：我们不会向您索要验证码、密码，也不会要求转账到个人账户。',
    not: '这不是我们的',
    notText:
      '请不要转账，也不要告诉对方验证码。您可以拨打反诈专线 96110，或向 12321 网络不良与垃圾信息举报受理中心举报。',
  },
  en: {
    title: 'Check whether it is us',
    intro:
      'Somebody says that they are us? Enter their phone number, the sender of the text message, the email address, or the reference of the paper.',
    value: 'Number, address or reference',
    check: 'Check',
    phone: 'This is a number of ours',
    sender: 'This is the number that our text messages come from',
    email: 'This is an address of ours',
    letter: 'This paper is ours',
    ours: 'It belongs to {{lender}}. Help {{contact}}, complaints {{complaint}}.',
    spoof:
      'Numbers can be forged: we never ask for a code or password, nor for a transfer to a private account.',
    not: 'This is not ours',
    notText:
      'Do not transfer money and tell nobody a code. Call the anti-fraud line 96110, or report it to the 12321 centre.',
  },
})

type Answer = {
  readonly kind: 'phone' | 'email' | 'sender' | 'letter' | null
  readonly lender: string | null
  readonly contactLine: string | null
  readonly complaintLine: string | null
}

/** Open to everybody: whether a number, address or paper is ours. */
export function VerifyPage() {
  const say = useVerify()
  const [value, setValue] = useState('')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const check = async () => {
    setAnswer(null)
    setAnswer(await call('POST /portal-api/verify', { body: { value } }))
  }
  return (
    <Page title={say('title')}>
      <p>{say('intro')}</p>
      <ActForm label={say('check')} act={check} isReady={value.trim() !== ''}>
        <Field label={say('value')} value={value} onChange={setValue} />
      </ActForm>
      <div role="status">{answer !== null && <Verdict answer={answer} />}</div>
    </Page>
  )
}

function Verdict({ answer }: { answer: Answer }) {
  const say = useVerify()
  const { kind, lender, contactLine, complaintLine } = answer
  if (kind === null)
    return (
      <div className="note bad">
        <h2>{say('not')}</h2>
        <p>{say('notText')}</p>
      </div>
    )
  const lines = { lender: lender ?? '', contact: contactLine ?? '', complaint: complaintLine ?? '' }
  return (
    <div className="note good">
      <h2>{say(kind)}</h2>
      <p>{say('ours', lines)}</p>
      <p>{say('spoof')}</p>
    </div>
  )
}
