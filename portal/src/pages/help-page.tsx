import { formatDay, textsOf } from '@dunlin/ui'
import { useCallback, useState } from 'react'
import { call, newKey } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Load, WordsField } from '../parts/parts.tsx'

const KINDS = [
  'hardship',
  'dispute',
  'complaint',
  'bereavement',
  'breathing-space',
  'third-party-stop',
] as const
type Kind = (typeof KINDS)[number]

const useHelp = textsOf('help', {
  zh: {
    title: '困难、异议、投诉',
    intro: '您提交后，相关的联系会立刻停下来，我们会在下面写明的日子之前给您答复和理由。',
    hardship: '我有困难，还不上',
    hardshipHint: '失业、生病、收入减少等',
    dispute: '金额不对，或不是我借的',
    disputeHint: '在查清之前不会就这笔联系您',
    complaint: '我要投诉',
    complaintHint: '对我们的人、电话或做法不满意',
    bereavement: '家里有人去世',
    bereavementHint: '请节哀。我们先停下来',
    'breathing-space': '我需要一点时间',
    'breathing-spaceHint': '想咨询法律或债务帮助',
    'third-party-stop': '不要联系我的家人、朋友、单位',
    'third-party-stopHint': '我们只联系您本人',
    what: '要提交哪一项？',
    words: '请用您自己的话说明（不要写密码、验证码）',
    which: '关于哪一笔？',
    all: '全部或不确定',
    submit: '提交',
    done: '已经收到，联系已停下。我们会在{{day}}之前答复您。',
    mine: '我提交过的',
    none: '还没有提交过。',
    open: '处理中，{{day}}前答复',
    decided: '已答复',
    appealed: '申诉处理中，{{day}}前答复',
    closed: '已结束',
    reasons: '我们的答复：',
    appeal: '不同意？写明理由，由另一位同事重新处理',
    appealAct: '提出申诉',
    another: '再提交一项',
  },
  en: {
    title: 'Hardship, dispute, complaint',
    intro:
      'Once you send this, contact about it stops at once, and you get an answer with reasons by the day shown below.',
    hardship: 'I cannot pay',
    hardshipHint: 'lost work, illness, less income',
    dispute: 'The amount is wrong, or it is not my debt',
    disputeHint: 'no contact about it until it is cleared up',
    complaint: 'I want to complain',
    complaintHint: 'of our people, calls or ways',
    bereavement: 'Somebody in my family has died',
    bereavementHint: 'We are sorry. We stop first',
    'breathing-space': 'I need some time',
    'breathing-spaceHint': 'to take legal or debt advice',
    'third-party-stop': 'Do not contact my family, friends or work',
    'third-party-stopHint': 'we speak with you alone',
    what: 'What is it?',
    words: 'In your own words (no passwords, no codes)',
    which: 'About which contract?',
    all: 'all, or not sure',
    submit: 'Send',
    done: 'We have it, and contact has stopped. You get an answer by {{day}}.',
    mine: 'What you have sent',
    none: 'Nothing yet.',
    open: 'being looked into, answer by {{day}}',
    decided: 'answered',
    appealed: 'appeal being looked into, answer by {{day}}',
    closed: 'ended',
    reasons: 'Our answer: ',
    appeal: 'You do not agree? Say why, and somebody else decides',
    appealAct: 'Appeal',
    another: 'Send another',
  },
})

async function loadMatters() {
  const [me, { matters }, owed] = await Promise.all([
    call('GET /portal-api/me', {}),
    call('GET /portal-api/matters', {}),
    call('GET /portal-api/owed', {}),
  ])
  return { me, matters, loanNos: owed.loans.map(({ loanNo }) => loanNo) }
}
type Given = Awaited<ReturnType<typeof loadMatters>>
type Matter = Given['matters'][number]

export function HelpPage({ kind }: { kind: string }) {
  const say = useHelp()
  const [loaded, again] = useAnswer(useCallback(loadMatters, []))
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {(given) => (
          <>
            <Raise kind={kind} loanNos={given.loanNos} today={given.me.today} again={again} />
            <section aria-label={say('mine')}>
              <h2>{say('mine')}</h2>
              {given.matters.length === 0 && <p className="soft">{say('none')}</p>}
              {given.matters.map((matter) => (
                <MatterCard key={matter.id} matter={matter} today={given.me.today} again={again} />
              ))}
            </section>
          </>
        )}
      </Load>
    </Page>
  )
}

const HINTS = {
  hardship: 'hardshipHint',
  dispute: 'disputeHint',
  complaint: 'complaintHint',
  bereavement: 'bereavementHint',
  'breathing-space': 'breathing-spaceHint',
  'third-party-stop': 'third-party-stopHint',
} as const

function Raise(given: {
  kind: string
  loanNos: readonly string[]
  today: string
  again: () => void
}) {
  const say = useHelp()
  const asked = KINDS.find((each) => each === given.kind)
  const [kind, setKind] = useState<Kind | null>(asked ?? null)
  const [text, setText] = useState('')
  const [loanNo, setLoanNo] = useState('')
  const [key, setKey] = useState(newKey)
  const [dueOn, setDueOn] = useState<string | null>(null)
  const act = async () => {
    if (kind === null) return
    const body = { kind, text, loanNo: loanNo === '' ? null : loanNo }
    const { dueOn: day } = await call('POST /portal-api/matters', { body, once: key })
    setDueOn(day)
    setKey(newKey())
    setText('')
    setKind(null)
    given.again()
  }
  return (
    <>
      <p>{say('intro')}</p>
      <div role="status">
        {dueOn !== null && (
          <p className="note good">{say('done', { day: formatDay(dueOn, given.today) })}</p>
        )}
      </div>
      <ActForm label={say('submit')} act={act} isReady={kind !== null && text.trim() !== ''}>
        <fieldset>
          <legend>{say(dueOn === null ? 'what' : 'another')}</legend>
          {KINDS.map((each) => (
            <label className="choice" key={each}>
              <input
                type="radio"
                name="kind"
                checked={each === kind}
                onChange={() => setKind(each)}
              />
              <span>
                {say(each)}
                <small>{say(HINTS[each])}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {kind === 'dispute' && (
          <fieldset>
            <legend>{say('which')}</legend>
            {['', ...given.loanNos].map((each) => (
              <label className="choice" key={each}>
                <input
                  type="radio"
                  name="loan"
                  checked={each === loanNo}
                  onChange={() => setLoanNo(each)}
                />
                {each === '' ? say('all') : each}
              </label>
            ))}
          </fieldset>
        )}
        {kind !== null && <WordsField label={say('words')} value={text} onChange={setText} />}
      </ActForm>
    </>
  )
}

function MatterCard(given: { matter: Matter; today: string; again: () => void }) {
  const say = useHelp()
  const { matter, today, again } = given
  const kind = KINDS.find((each) => each === matter.kind)
  const day = formatDay(matter.dueOn, today)
  const state = (['open', 'decided', 'appealed', 'closed'] as const).find(
    (each) => each === matter.state,
  )
  const mayAppeal =
    matter.state === 'decided' && matter.appealUntilOn !== null && today <= matter.appealUntilOn
  return (
    <article className="card">
      <h2>{kind === undefined ? matter.kind : say(kind)}</h2>
      <p className="soft">
        {formatDay(matter.receivedOn, today)} · {say(state ?? 'open', { day })}
      </p>
      <p>{matter.text}</p>
      {matter.reasons !== null && (
        <p className="note">
          {say('reasons')}
          {matter.reasons}
        </p>
      )}
      {mayAppeal && <Appeal id={matter.id} again={again} />}
    </article>
  )
}

function Appeal({ id, again }: { id: string; again: () => void }) {
  const say = useHelp()
  const [text, setText] = useState('')
  const [key] = useState(newKey)
  const act = async () => {
    await call('POST /portal-api/matters/appeal', { body: { id, text }, once: key })
    again()
  }
  return (
    <ActForm label={say('appealAct')} act={act} isReady={text.trim() !== ''} tone="default">
      <WordsField label={say('appeal')} value={text} onChange={setText} />
    </ActForm>
  )
}
