import { formatDay, formatMoney, textsOf } from '@dunlin/ui'
import { useCallback, useState } from 'react'
import { call, newKey } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Field, Load, Row, toMinor } from '../parts/parts.tsx'

const usePlan = textsOf('plan', {
  zh: {
    title: '能负担的方案',
    held: '您的异议或其他事项还在处理，处理完之前不需要选择方案。',
    intro:
      '填几个数，我们按您家里的必要开支算出您真正负担得起的方案。填得少也没关系，没问到的开支按全国平均水平计入。',
    income: '每月收入（元）',
    housing: '每月房租或房贷（元）',
    living: '其他必要开支（元）',
    livingHint: '看病、上学等比一般家庭多出的部分，没有就填0',
    debts: '每月还别处的钱（元）',
    available: '现在手头能拿出来的（元）',
    adults: '家里几位成年人（含您）',
    children: '几个孩子',
    see: '看方案',
    afford: '按您填的情况，每月大约可以拿出 {{amount}}。',
    none: '按您填的情况，现在没有合适的方案。您可以申请困难帮助，我们会先停下来，和您一起想办法。',
    hardship: '申请困难帮助',
    postponement: '延期到 {{day}}，一次还 {{amount}}',
    instalments: '分{{count}}期，每期约 {{amount}}',
    arrears: '只针对已到期的部分',
    outstanding: '针对全部未还',
    total: '合计 {{amount}}，其中分期利息 {{interest}}',
    choose: '选这个方案',
    terms: '确认方案',
    part: '第{{no}}期 {{day}}',
    agreement: '阅读协议（PDF）',
    sendCode: '协议看过了，发送验证码',
    sent: '验证码已发到 {{point}}。输入验证码，就表示您同意这份协议。',
    code: '6位验证码',
    accept: '同意并生效',
    cost: '可以随时提前还清。宽限期和违约的后果都写在协议里，请先看过再同意。',
    doneText:
      '按时还款，我们只在每一期快到期时提醒您。协议可以随时在“证明、协议与我的数据”里下载。',
    active: '正在进行的方案',
    again: '重新填写',
    demo: '演示：查看验证码',
  },
  en: {
    title: 'What you can afford',
    held: 'Your dispute or another matter is being looked into. Until it is decided no plan is needed.',
    intro:
      'A few figures, and we compute what you can really afford beside what your household needs. What we do not ask is counted at the national average.',
    income: 'Income a month (yuan)',
    housing: 'Rent or mortgage a month (yuan)',
    living: 'Other needs a month (yuan)',
    livingHint: 'illness, school: what goes beyond a usual household; 0 if nothing',
    debts: 'Other debts a month (yuan)',
    available: 'What you have at hand now (yuan)',
    adults: 'Adults at home, with you',
    children: 'Children',
    see: 'Show offers',
    afford: 'By what you said, about {{amount}} a month.',
    none: 'By what you said there is no plan that fits now. Ask for help with hardship: we stop first, and look for a way together.',
    hardship: 'Ask for help',
    postponement: 'Until {{day}}, {{amount}} at once',
    instalments: '{{count}} parts of about {{amount}}',
    arrears: 'for what is due already',
    outstanding: 'for all that is outstanding',
    total: '{{amount}} in all, of which interest {{interest}}',
    choose: 'Choose this',
    terms: 'Confirm the plan',
    part: 'Part {{no}}, {{day}}',
    agreement: 'Read the agreement (PDF)',
    sendCode: 'I have read it: send me a code',
    sent: 'The code went to {{point}}. Entering it means that you agree.',
    code: 'Code of 6 digits',
    accept: 'Agree',
    cost: 'You may pay early at any time. Grace, and what follows if it is broken, stand in the agreement: read it first.',
    doneText:
      'While it is kept, we only remind you shortly before each part is due. The agreement is under “Papers and my data”.',
    active: 'Your plan',
    again: 'Fill in again',
    demo: 'Demo: show the code',
  },
})

async function loadPlans() {
  const [me, { currency, plans }, offers] = await Promise.all([
    call('GET /portal-api/me', {}),
    call('GET /portal-api/plans', {}),
    call('GET /portal-api/offers', {}),
  ])
  return { me, currency, plans, offers }
}
type Given = Awaited<ReturnType<typeof loadPlans>>
type Offer = Given['offers']['offers'][number]
type Plan = Given['plans'][number]

export function PlanPage() {
  const say = usePlan()
  const [loaded, again] = useAnswer(useCallback(loadPlans, []))
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {(given) => <Plans given={given} again={again} />}
      </Load>
    </Page>
  )
}

function Plans({ given, again }: { given: Given; again: () => void }) {
  const say = usePlan()
  const [chosen, setChosen] = useState<Plan | null>(null)
  const [isAnew, setAnew] = useState(false)
  const { offers, plans, currency, me } = given
  const active = plans.find(({ state }) => state === 'active')
  const money = (minor: number) => formatMoney(minor, currency)
  const day = (on: string) => formatDay(on, me.today)
  if (active !== undefined)
    return (
      <section className="card">
        <h2>{say('active')}</h2>
        <Parts plan={active} money={money} day={day} />
        <p className="soft">{say('doneText')}</p>
      </section>
    )
  if (offers.isHeld) return <p className="note">{say('held')}</p>
  if (chosen !== null)
    return <Accept plan={chosen} money={money} day={day} isDemo={me.isDemo} done={again} />
  if (offers.affordableMinor === null || isAnew)
    return (
      <Household
        done={() => {
          setAnew(false)
          again()
        }}
      />
    )
  return (
    <>
      <p className="note good" role="status">
        {say('afford', { amount: money(offers.affordableMinor) })}
      </p>
      {offers.offers.length === 0 && (
        <p>
          {say('none')} <a href="#/help/hardship">{say('hardship')}</a>
        </p>
      )}
      {offers.offers.map((offer) => (
        <OfferCard key={offer.key} offer={offer} money={money} day={day} choose={setChosen} />
      ))}
      <ActForm label={say('again')} tone="default" act={async () => setAnew(true)} />
    </>
  )
}

type Formats = { money: (minor: number) => string; day: (on: string) => string }

function OfferCard(given: Formats & { offer: Offer; choose: (plan: Plan) => void }) {
  const say = usePlan()
  const { offer, money, day, choose } = given
  const [key] = useState(newKey)
  const [first] = offer.parts
  const values = {
    count: offer.parts.length,
    day: day(first?.dueOn ?? ''),
    amount: money(first?.amountMinor ?? 0),
  }
  const kind = offer.kind === 'postponement' ? 'postponement' : 'instalments'
  const act = async () =>
    choose(await call('POST /portal-api/plans', { body: { key: offer.key }, once: key }))
  return (
    <section className="card">
      <h2>{say(kind, values)}</h2>
      <p className="soft">
        {say(offer.scope)}。
        {say('total', { amount: money(offer.amountMinor), interest: money(offer.interestMinor) })}
      </p>
      <ActForm label={say('choose')} act={act} />
    </section>
  )
}

function Parts({ plan, money, day }: Formats & { plan: Plan }) {
  const say = usePlan()
  return (
    <dl>
      {plan.parts.map(({ dueOn, amountMinor }, index) => (
        <Row key={dueOn} name={say('part', { no: index + 1, day: day(dueOn) })}>
          {money(amountMinor)}
        </Row>
      ))}
    </dl>
  )
}

function Accept(given: Formats & { plan: Plan; isDemo: boolean; done: () => void }) {
  const say = usePlan()
  const { plan, isDemo, done } = given
  const [point, setPoint] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const [key] = useState(newKey)
  const [shown, setShown] = useState<string | null>(null)
  const params = { id: plan.id }
  const send = async () => {
    const body = { channel: 'sms' } as const
    const sent = await call('POST /portal-api/plans/:id/code', { params, body }).catch(() =>
      call('POST /portal-api/plans/:id/code', { params, body: { channel: 'email' } }),
    )
    setPoint(sent.masked)
  }
  const accept = async () => {
    const body = { code: code.trim(), agreementSha256: plan.agreementSha256 }
    await call('POST /portal-api/plans/:id/accept', { params, body, once: `${key} ${code}` })
    done()
  }
  return (
    <section className="card">
      <h2>{say('terms')}</h2>
      <Parts {...given} />
      <p className="soft">{say('cost')}</p>
      <p>
        <a href={`/portal-api/files/agreements/${plan.id}`}>{say('agreement')}</a>
      </p>
      <ActForm label={say('sendCode')} act={send} tone={point === null ? 'primary' : 'default'} />
      <div role="status">
        {point !== null && <p className="note good">{say('sent', { point })}</p>}
      </div>
      {point !== null && (
        <ActForm label={say('accept')} act={accept} isReady={/^\s*\d{6}\s*$/.test(code)}>
          <Field
            label={say('code')}
            value={code}
            onChange={setCode}
            mode="numeric"
            complete="one-time-code"
          />
        </ActForm>
      )}
      {point !== null && isDemo && (
        <ActForm
          label={say('demo')}
          tone="default"
          act={async () =>
            setShown((await call('POST /portal-api/demo/plan-code', { body: {} })).code)
          }
        >
          <p role="status">{shown}</p>
        </ActForm>
      )}
    </section>
  )
}

const FIELDS = ['income', 'housing', 'living', 'debts', 'available'] as const
type Name = (typeof FIELDS)[number]

function Household({ done }: { done: () => void }) {
  const say = usePlan()
  const [values, setValues] = useState<Readonly<Record<Name, string>>>({
    ...{ income: '', housing: '', living: '0', debts: '0', available: '0' },
  })
  const [adults, setAdults] = useState('1')
  const [children, setChildren] = useState('0')
  const [key] = useState(newKey)
  const minors = FIELDS.map((name) => toMinor(values[name]))
  const isReady = !minors.includes(null) && /^[1-9]$/.test(adults) && /^\d$/.test(children)
  const act = async () => {
    const [income = 0, housing = 0, living = 0, debts = 0, available = 0] = minors.map(
      (minor) => minor ?? 0,
    )
    const body = {
      ...{ adults: Number(adults), children: Number(children), incomeMinor: income },
      ...{ housingMinor: housing, livingMinor: living, otherDebtsMinor: debts },
      availableMinor: available,
    }
    await call('POST /portal-api/statements', {
      body,
      once: `${key} ${JSON.stringify(body)}`.slice(0, 250),
    })
    done()
  }
  return (
    <>
      <p>{say('intro')}</p>
      <ActForm label={say('see')} act={act} isReady={isReady}>
        {FIELDS.map((name) => (
          <Field
            key={name}
            label={say(name)}
            value={values[name]}
            onChange={(value) => setValues({ ...values, [name]: value })}
            mode="decimal"
            {...(name === 'living' ? { hint: say('livingHint') } : {})}
          />
        ))}
        <Field label={say('adults')} value={adults} onChange={setAdults} mode="numeric" />
        <Field label={say('children')} value={children} onChange={setChildren} mode="numeric" />
      </ActForm>
    </>
  )
}
