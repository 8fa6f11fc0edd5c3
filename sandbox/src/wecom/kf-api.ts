import {
  type ApiHandler,
  ApiRefusal,
  contentIn,
  type KfAccount,
  type KfCustomer,
  type KfMessage,
  makeId,
  textIn,
  type WecomState,
} from './wecom-state.ts'

const WINDOW_MS = 48 * 3_600_000
const SENT_MAX = 5
const PAGE_MAX = 1000
const WELCOME_MS = 20_000
const TEXT_BYTES_MAX = 2048

/** Customer service: links, what customers wrote, and answers within 48 hours and five messages. */
export const KF_API: Readonly<Record<string, ApiHandler>> = {
  'kf/account/list': (state) => ({
    account_list: [...state.kf.keys()].map((openKfid) => ({ open_kfid: openKfid, name: '客服' })),
  }),
  'kf/add_contact_way': (state, { body }) => {
    const { openKfid } = accountOf(state, textIn(body, 'open_kfid'))
    if (!/^[0-9a-zA-Z_-]{0,32}$/.test(textIn(body, 'scene'))) throw new ApiRefusal(40058, 'scene')
    return { url: `https://work.weixin.qq.com/kfid/${openKfid}?enc_scene=${String(body.scene)}` }
  },
  'kf/sync_msg': (state, { body }) => {
    const account = accountOf(state, textIn(body, 'open_kfid'))
    const from = Number(body.cursor === undefined || body.cursor === '' ? 0 : body.cursor)
    const limit = Math.min(typeof body.limit === 'number' ? body.limit : PAGE_MAX, PAGE_MAX)
    const page = account.messages.slice(from, from + limit)
    const next = from + page.length
    return {
      next_cursor: String(next),
      has_more: next < account.messages.length ? 1 : 0,
      msg_list: page,
    }
  },
  'kf/send_msg_on_event': (state, { body }) => {
    const code = textIn(body, 'code')
    const entered = [...state.kf.values()]
      .flatMap(({ messages }) => messages)
      .find(({ event }) => isWelcome(event, code))
    if (entered === undefined || state.usedWelcomes.has(code)) {
      throw new ApiRefusal(41050, 'invalid code')
    }
    if (state.clock.now() >= Number(entered.send_time) * 1000 + WELCOME_MS) {
      throw new ApiRefusal(41050, 'code expired')
    }
    if (hasWritten(state, entered)) throw new ApiRefusal(41051, 'chat has begun')
    const text = contentIn(body, TEXT_BYTES_MAX)
    state.usedWelcomes.add(code)
    state.options.onText?.({ to: String(entered.external_userid), text })
    return { msgid: body.msgid ?? makeId(state, 'kf') }
  },
  'kf/send_msg': (state, { body }) => {
    const account = accountOf(state, textIn(body, 'open_kfid'))
    const touser = textIn(body, 'touser')
    const text = contentIn(body, TEXT_BYTES_MAX)
    const msgid = typeof body.msgid === 'string' ? body.msgid : makeId(state, 'kf')
    if (!/^[0-9a-zA-Z_-]{1,32}$/.test(msgid)) throw new ApiRefusal(40058, 'msgid')
    if (account.msgids.has(msgid)) return { msgid }
    const customer = mayBeWrittenTo(state, account, touser)
    account.msgids.add(msgid)
    customer.sent += 1
    state.options.onText?.({ to: touser, text })
    return { msgid }
  },
}

function hasWritten(state: WecomState, { open_kfid: openKfid, external_userid: id }: KfMessage) {
  return state.kf.get(String(openKfid))?.customers.has(String(id)) === true
}

function isWelcome(event: unknown, code: string): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    'welcome_code' in event &&
    event.welcome_code === code
  )
}

function accountOf(state: WecomState, openKfid: string): KfAccount {
  const account = state.kf.get(openKfid)
  if (account === undefined) throw new ApiRefusal(95000, 'invalid open_kfid')
  return account
}

function mayBeWrittenTo(state: WecomState, account: KfAccount, touser: string): KfCustomer {
  const now = state.clock.now()
  const customer = account.customers.get(touser)
  if (state.options.isWindowOpen === true) return customer ?? { lastAt: now, sent: 0, state: 0 }
  if (customer === undefined || now >= customer.lastAt + WINDOW_MS || customer.sent >= SENT_MAX) {
    throw new ApiRefusal(95001, 'send msg count limit')
  }
  if (customer.state > 1) throw new ApiRefusal(95018, 'send msg session status invalid')
  return customer
}

/** A customer writes: the window opens anew. The id of the message. */
export function customerWrites(
  state: WecomState,
  said: { readonly openKfid: string; readonly externalUserid: string; readonly text: string },
): string {
  const account = accountOf(state, said.openKfid)
  const msgid = makeId(state, 'in')
  const known = account.customers.get(said.externalUserid)
  account.customers.set(said.externalUserid, {
    lastAt: state.clock.now(),
    sent: 0,
    state: known?.state ?? 0,
  })
  account.messages.push({
    ...common(state, said, msgid),
    origin: 3,
    msgtype: 'text',
    text: { content: said.text },
  })
  return msgid
}

/** A customer comes in by the link; `sceneParam` is what the link carried. */
export function customerEnters(
  state: WecomState,
  visit: {
    readonly openKfid: string
    readonly externalUserid: string
    readonly sceneParam: string
  },
): void {
  const { openKfid, externalUserid, sceneParam } = visit
  const event = {
    event_type: 'enter_session',
    open_kfid: openKfid,
    external_userid: externalUserid,
    scene: 'dunlin',
    scene_param: sceneParam,
    welcome_code: makeId(state, 'kfw'),
  }
  const msgid = makeId(state, 'ev')
  const item = { ...common(state, visit, msgid), origin: 4, msgtype: 'event', event }
  accountOf(state, openKfid).messages.push(item)
}

/** What was sent did not arrive. */
export function sendFails(
  state: WecomState,
  fail: { readonly openKfid: string; readonly externalUserid: string; readonly msgid: string },
): void {
  const { openKfid, externalUserid, msgid } = fail
  const event = {
    event_type: 'msg_send_fail',
    open_kfid: openKfid,
    external_userid: externalUserid,
    fail_msgid: msgid,
    fail_type: 10,
  }
  const item = { ...common(state, fail, makeId(state, 'ev')), origin: 4, msgtype: 'event', event }
  accountOf(state, openKfid).messages.push(item)
}

function common(
  state: WecomState,
  of: { readonly openKfid: string; readonly externalUserid: string },
  msgid: string,
) {
  return {
    msgid,
    open_kfid: of.openKfid,
    external_userid: of.externalUserid,
    send_time: Math.floor(state.clock.now() / 1000),
  }
}
