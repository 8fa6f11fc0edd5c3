import { formatMoney, textsOf } from '@dunlin/ui'
import { Button } from 'antd-mobile'
import { useCallback, useEffect, useState } from 'react'
import { renderSVG } from 'uqr'
import { call, newKey } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Field, Load, Row, toMinor } from '../parts/parts.tsx'

const usePay = textsOf('pay', {
  zh: {
    title: '还款',
    amount: '还多少（元）',
    hint: '可以先还一部分。到期未还 {{due}}，全部未还 {{all}}。',
    wechat: '用微信支付',
    bank: '银行转账',
    bankHint: '请在附言里写借据号 {{no}}，方便我们入账。我们不会要求您转到个人账户。',
    bankName: '开户行',
    holder: '户名',
    account: '账号',
    scan: '请用微信扫描二维码支付 {{amount}}。在手机上可以截图后在微信里识别。',
    open: '打开微信支付',
    wait: '支付完成后，这里会自动显示结果。',
    paid: '已收到 {{amount}}，谢谢您。',
    paidNext: '账目已经更新，回执在“证明、协议与我的数据”里。',
    ended: '这笔支付没有完成，也没有扣款记录。可以重新发起。',
    anew: '重新发起',
    demo: '演示：模拟微信付款',
    nothing: '目前没有需要还的款项。',
    code: '微信支付二维码',
  },
  en: {
    title: 'Pay',
    amount: 'How much (yuan)',
    hint: 'A part is welcome too. Due {{due}}; all outstanding {{all}}.',
    wechat: 'Pay with WeChat',
    bank: 'Bank transfer',
    bankHint:
      'Please give the contract number {{no}} as the reference. We never ask for a transfer to a private account.',
    bankName: 'Bank',
    holder: 'Name',
    account: 'Account',
    scan: 'Scan the code with WeChat to pay {{amount}}. On a phone, take a screenshot and let WeChat read it.',
    open: 'Open WeChat Pay',
    wait: 'When it is paid, this page says so by itself.',
    paid: 'We have received {{amount}}. Thank you.',
    paidNext: 'The books are up to date; the receipt is under “Papers and my data”.',
    ended: 'This payment was not made, and nothing was taken. You may start again.',
    anew: 'Start again',
    demo: 'Demo: pay as the phone would',
    nothing: 'There is nothing to pay now.',
    code: 'QR code of WeChat Pay',
  },
})

async function loadOwed() {
  const [me, owed] = await Promise.all([
    call('GET /portal-api/me', {}),
    call('GET /portal-api/owed', {}),
  ])
  return { me, owed }
}
type Given = Awaited<ReturnType<typeof loadOwed>>

export function PayPage() {
  const say = usePay()
  const [loaded, again] = useAnswer(useCallback(loadOwed, []))
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {(given) => <Pay {...given} />}
      </Load>
    </Page>
  )
}

/** On a phone outside WeChat a page opens WeChat; inside it, and on a desk, a code is read. */
function wayHere(): 'h5' | 'native' {
  const agent = navigator.userAgent
  return /MicroMessenger/i.test(agent) || !/Mobi/i.test(agent) ? 'native' : 'h5'
}

function Pay({ me, owed }: Given) {
  const say = usePay()
  const first = owed.arrearsMinor > 0 ? owed.arrearsMinor : owed.outstandingMinor
  const [amount, setAmount] = useState((first / 100).toFixed(2))
  const [key, setKey] = useState(newKey)
  const [orderId, setOrderId] = useState<string | null>(null)
  const minor = toMinor(amount)
  if (owed.outstandingMinor === 0) return <p className="note good">{say('nothing')}</p>
  if (orderId !== null)
    return (
      <Order
        id={orderId}
        isDemo={me.isDemo}
        anew={() => {
          setKey(newKey())
          setOrderId(null)
        }}
      />
    )
  const order = async () => {
    const body = { amountMinor: minor ?? 0, currency: 'CNY', way: wayHere() } as const
    const made = await call('POST /portal-api/orders', { body, once: `${key} ${minor}` })
    setOrderId(made.id)
  }
  const money = (value: number) => formatMoney(value, owed.currency)
  return (
    <>
      {owed.canPayByWechat && (
        <section className="card">
          <ActForm label={say('wechat')} act={order} isReady={minor !== null && minor > 0}>
            <Field
              label={say('amount')}
              hint={say('hint', {
                due: money(owed.arrearsMinor),
                all: money(owed.outstandingMinor),
              })}
              value={amount}
              onChange={setAmount}
              mode="decimal"
            />
          </ActForm>
        </section>
      )}
      {owed.transfer !== null && (
        <section className="card" aria-label={say('bank')}>
          <h2>{say('bank')}</h2>
          <dl>
            <Row name={say('bankName')}>{owed.transfer.bank}</Row>
            <Row name={say('holder')}>{owed.transfer.name}</Row>
            <Row name={say('account')}>{owed.transfer.account}</Row>
          </dl>
          <p className="soft">{say('bankHint', { no: owed.loans[0]?.loanNo ?? '' })}</p>
        </section>
      )}
    </>
  )
}

const ASK_MS = 2_000
type OrderState = Awaited<ReturnType<typeof readOrder>>
const readOrder = (id: string) => call('GET /portal-api/orders/:id', { params: { id } })

function Order({ id, isDemo, anew }: { id: string; isDemo: boolean; anew: () => void }) {
  const say = usePay()
  const [order, setOrder] = useState<OrderState | null>(null)
  useEffect(() => {
    let timer = 0
    const ask = () => {
      readOrder(id)
        .then(setOrder)
        // The next question may be answered.
        .catch(() => undefined)
        .finally(() => {
          timer = window.setTimeout(ask, ASK_MS)
        })
    }
    ask()
    return () => window.clearTimeout(timer)
  }, [id])
  if (order === null) return <p role="status">…</p>
  const amount = formatMoney(order.amountMinor, order.currency)
  if (order.state === 'paid')
    return (
      <div className="note good" role="status">
        <h2>{say('paid', { amount })}</h2>
        <p>{say('paidNext')}</p>
      </div>
    )
  if (order.state === 'closed' || order.state === 'failed')
    return (
      <>
        <p className="note bad" role="alert">
          {say('ended')}
        </p>
        <Button className="wide" onClick={anew}>
          {say('anew')}
        </Button>
      </>
    )
  return (
    <section className="card">
      {order.codeUrl !== null && (
        <>
          <p>{say('scan', { amount })}</p>
          <img
            className="code"
            alt={say('code')}
            src={`data:image/svg+xml,${encodeURIComponent(renderSVG(order.codeUrl))}`}
          />
        </>
      )}
      {order.h5Url !== null && (
        <p>
          <a href={order.h5Url} rel="noreferrer">
            {say('open')} {amount}
          </a>
        </p>
      )}
      <p className="soft" role="status">
        {say('wait')}
      </p>
      {isDemo && (
        <ActForm
          label={say('demo')}
          tone="default"
          act={() => call('POST /portal-api/demo/pay', { body: { id } })}
        />
      )}
    </section>
  )
}
