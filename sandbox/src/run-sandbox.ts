import { type Instant, instant } from '@dunlin/kernel'
import type { Topic } from '@dunlin/world'
import { createWorldClock, type WorldClock } from './clock.ts'
import { type Controls, startControlServer } from './control/control-server.ts'
import { changeOf, numberField, textField } from './control/read-body.ts'
import { type Ismg, startIsmg } from './ismg/ismg.ts'
import { ismgControls } from './ismg/ismg-controls.ts'
import { clickUnsubscribe } from './mail/click-unsubscribe.ts'
import { MAIL_BEHAVED, type Mail, type MailServer, startMailServer } from './mail/mail-server.ts'
import { bounceMail, complainOfMail, type Inbox, replyByMail } from './mail/write-mail.ts'
import type { BookLine } from './people/book.ts'
import { payByApi } from './people/pay.ts'
import { createPeople, type Payment, type People } from './people/people.ts'
import { BEHAVED } from './smsc/misbehaviour.ts'
import { type Smsc, startSmsc } from './smsc/smsc.ts'
import type { WechatPayOptions } from './wechat-pay/pay-state.ts'
import { wechatPayControls } from './wechat-pay/wechat-pay-controls.ts'
import { startWechatPayServer, type WechatPayServer } from './wechat-pay/wechat-pay-server.ts'
import { wecomControls } from './wecom/wecom-controls.ts'
import { startWecomServer, type WecomServer } from './wecom/wecom-server.ts'
import type { WecomOptions } from './wecom/wecom-state.ts'

export type SandboxOptions = {
  readonly seed: number
  readonly smppPort: number
  readonly smtpPort: number
  readonly controlPort: number
  /** Where replies and bounces are delivered: the product's inbound mail listener. */
  readonly inbox: Inbox
  /** The product's API, for payments; without it nobody pays. */
  readonly product?: { readonly url: string; readonly apiKey: string }
  readonly book: readonly BookLine[]
  readonly startAt?: Instant
  readonly rate?: number
  /** Whether anybody lives here; without people messages are only kept. */
  readonly hasPeople: boolean
  readonly onTrouble: (what: string) => void
  /** WeCom beside the others; without it there is none. */
  readonly wecom?: Omit<WecomOptions, 'clock' | 'onTrouble'>
  /** An operator's gateway (CMPP) beside the others; without it there is none. */
  readonly cmpp?: { readonly port: number; readonly secret: string }
  /** WeChat Pay beside the others; without it there is none. */
  readonly wechatPay?: Omit<WechatPayOptions, 'clock' | 'onTrouble'>
}

export type Sandbox = {
  readonly clock: WorldClock
  readonly smsc: Smsc
  readonly mail: MailServer
  readonly people: People
  readonly wecom: WecomServer | null
  readonly ismg: Ismg | null
  readonly wechatPay: WechatPayServer | null
  readonly controlPort: number
  readonly close: () => Promise<void>
}

/** The pretend outside world: short message centre, mail server, clock, people, control endpoint. */
export async function runSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { startAt, rate } = options
  const clock = createWorldClock({
    ...(startAt === undefined ? {} : { epochMs: startAt }),
    ...(rate === undefined ? {} : { rate }),
  })
  const people = peopleOf(options, clock)
  const smsc: Smsc = await startSmsc({
    port: options.smppPort,
    clock,
    ...(options.hasPeople ? phonesOf(people, (message) => smsc.sendFromPhone(message)) : {}),
  })
  const ismg = options.cmpp === undefined ? null : await startGateway(options.cmpp)
  async function startGateway(cmpp: { port: number; secret: string }): Promise<Ismg> {
    const phones = phonesOf(people, (message) => gateway.sendFromPhone(message))
    const gateway = await startIsmg({ ...cmpp, clock, ...(options.hasPeople ? phones : {}) })
    return gateway
  }
  const mail = await startMailServer({
    port: options.smtpPort,
    clock,
    ...(options.hasPeople ? { onMail: (letter) => reachByMail(options, people, letter) } : {}),
  })
  const { onTrouble } = options
  const wecom =
    options.wecom === undefined
      ? null
      : await startWecomServer({ ...options.wecom, clock, onTrouble })
  const wechatPay =
    options.wechatPay === undefined
      ? null
      : await startWechatPayServer({ ...options.wechatPay, clock, onTrouble })
  const world = { options, clock, smsc, mail, people, wecom, ismg, wechatPay }
  const control = await startControlServer(options.controlPort, controlsOf(world))
  return {
    clock,
    smsc,
    mail,
    people,
    wecom,
    ismg,
    wechatPay,
    controlPort: control.port,
    close: async () => {
      people.close()
      const servers = [smsc, mail, control, wecom, ismg, wechatPay]
      await Promise.all(servers.map((each) => each?.close()))
    },
  }
}

function peopleOf(options: SandboxOptions, clock: WorldClock): People {
  const { product } = options
  const pay = (payment: Payment): void => {
    if (product === undefined) return
    payByApi({ ...product, clock }, payment).then(
      (problem) => problem !== null && options.onTrouble(`payment refused: ${problem}`),
      (error: unknown) => options.onTrouble(`payment failed: ${String(error)}`),
    )
  }
  return createPeople({ seed: options.seed, clock, book: options.book, pay })
}

type FromPhone = (message: { from: string; to: string; text: string }) => void

/** Whom a centre's messages reach, and how they answer. */
function phonesOf(people: People, sendFromPhone: FromPhone) {
  return {
    isDead: (address: string): boolean => people.isDead('sms', address),
    onMessage: ({ from, to, text }: { from: string; to: string; text: string }): void =>
      people.reach({
        channel: 'sms',
        address: to,
        text,
        reply: (answer) => sendFromPhone({ from: to, to: from, text: answer }),
      }),
  }
}

function reachByMail(options: SandboxOptions, people: People, letter: Mail): void {
  const [address = ''] = letter.to
  const failed = (error: unknown): void =>
    options.onTrouble(`mail to the product failed: ${String(error)}`)
  if (people.isDead('email', address)) {
    const bounce = {
      status: '5.1.1',
      action: 'failed',
      diagnostic: '550 5.1.1 no such user',
    } as const
    bounceMail(options.inbox, letter, bounce).catch(failed)
    return
  }
  people.reach({
    channel: 'email',
    address,
    text: letter.text,
    reply: (text, topic) => {
      answerMail(options.inbox, letter, { text, topic }).catch(failed)
    },
  })
}

/** A mail program offers more than a reply: one click to unsubscribe, and a button that says spam. */
async function answerMail(
  inbox: Inbox,
  letter: Mail,
  answer: { readonly text: string; readonly topic: Topic },
): Promise<void> {
  if (answer.topic === 'complaint') return complainOfMail(inbox, letter)
  const hasClicked = answer.topic === 'stop' && (await clickUnsubscribe(letter))
  if (!hasClicked) await replyByMail(inbox, letter, { text: answer.text })
}

type World = Omit<Sandbox, 'controlPort' | 'close'> & { readonly options: SandboxOptions }

function controlsOf(world: World): Controls {
  const { options, clock, smsc, mail, people, wecom, ismg, wechatPay } = world
  return {
    'GET /clock': () => clock.reading(),
    'PUT /clock': ({ body }) => {
      const [epochMs, rate] = [numberField(body, 'epochMs'), numberField(body, 'rate')]
      clock.set({
        ...(epochMs === undefined ? {} : { epochMs: instant(epochMs) }),
        ...(rate === undefined ? {} : { rate }),
      })
      return clock.reading()
    },
    'GET /smsc': () => ({
      ...smsc.log.summary(),
      bound: smsc.bound(),
      undelivered: smsc.undelivered(),
      misbehaviour: smsc.misbehaviour(),
    }),
    'GET /smsc/submits': ({ query }) => smsc.log.list(query.get('to') ?? undefined),
    'DELETE /smsc/submits': () => smsc.log.clear(),
    'POST /smsc/misbehave': ({ body }) => smsc.misbehave(changeOf(BEHAVED, body)),
    'POST /smsc/drop': () => smsc.dropConnections(),
    'POST /smsc/phone': ({ body }) =>
      smsc.sendFromPhone({
        from: textField(body, 'from'),
        to: textField(body, 'to'),
        text: textField(body, 'text'),
      }),
    ...mailControls({ options, mail }),
    ...(wecom === null ? {} : wecomControls(wecom, options.onTrouble)),
    ...(ismg === null ? {} : ismgControls(ismg)),
    ...(wechatPay === null ? {} : wechatPayControls(wechatPay, options.onTrouble)),
    'GET /people': () => ({ ...people.counts(), waiting: people.waiting() }),
  }
}

function mailControls({
  options,
  mail,
}: {
  readonly options: SandboxOptions
  readonly mail: MailServer
}): Controls {
  const last = (address: string): Mail => {
    const found = mail.mails().findLast(({ to }) => to.includes(address))
    if (found === undefined) throw new RangeError(`no mail to ${address} has arrived`)
    return found
  }
  const failed = (error: unknown): void =>
    options.onTrouble(`mail to the product failed: ${String(error)}`)
  return {
    'GET /mail': () => mail.mails().map(({ at, to, subject, text }) => ({ at, to, subject, text })),
    'DELETE /mail': () => mail.clear(),
    'POST /mail/misbehave': ({ body }) => mail.misbehave(changeOf(MAIL_BEHAVED, body)),
    'POST /mail/reply': ({ body }) => {
      const letter = last(textField(body, 'address'))
      replyByMail(options.inbox, letter, { text: textField(body, 'text') }).catch(failed)
    },
    'POST /mail/bounce': ({ body }) => {
      const status = textField(body, 'status')
      const action = status.startsWith('4') ? ('delayed' as const) : ('failed' as const)
      const bounce = { status, action, diagnostic: `550 ${status} refused` }
      bounceMail(options.inbox, last(textField(body, 'address')), bounce).catch(failed)
    },
    'POST /mail/complain': ({ body }) => {
      complainOfMail(options.inbox, last(textField(body, 'address'))).catch(failed)
    },
  }
}
