import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { CONTACT_API } from './contact-api.ts'
import { customerEnters, customerWrites, KF_API, sendFails } from './kf-api.ts'
import { confirmTask, MASS_API } from './mass-api.ts'
import { createWecomFaults, type WecomMisbehaviour } from './misbehaviour.ts'
import { type CallbackFields, pushCallback } from './push-callback.ts'
import {
  type ApiHandler,
  ApiRefusal,
  contactKey,
  makeId,
  type WecomOptions,
  type WecomState,
} from './wecom-state.ts'

export type WecomServer = {
  readonly url: string
  readonly state: WecomState
  readonly misbehave: (change: Partial<WecomMisbehaviour>) => void
  /** A person scans the code or taps the link that carries `state`. The customer's id. */
  readonly add: (given: {
    readonly userid: string
    readonly externalUserid: string
    readonly state: string
  }) => Promise<boolean>
  /** The person deletes the member. */
  readonly deleteMember: (userid: string, externalUserid: string) => Promise<boolean>
  /** The member taps «send» on a task. */
  readonly confirm: (msgid: string) => number
  readonly write: (said: Parameters<typeof customerWrites>[1]) => Promise<boolean>
  readonly enter: (visit: Parameters<typeof customerEnters>[1]) => Promise<boolean>
  readonly failSend: (fail: Parameters<typeof sendFails>[1]) => Promise<boolean>
  /** A group and who is in it; tells the product that it changed. */
  readonly setGroup: (
    chatId: string,
    members: readonly { readonly userid: string; readonly type: 1 | 2 }[],
  ) => Promise<boolean>
  readonly close: () => Promise<void>
}

const TOKEN_LIFE_SECONDS = 7200
const API: Readonly<Record<string, ApiHandler>> = { ...CONTACT_API, ...MASS_API, ...KF_API }

/** WeCom's API on the loopback address, and the callbacks it pushes. */
export async function startWecomServer(options: WecomOptions): Promise<WecomServer> {
  const state = newState(options)
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) => {
      options.onTrouble?.(String(error))
      response.destroy()
    })
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    state,
    misbehave: state.faults.set,
    ...actionsOf(state),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function newState(options: WecomOptions): WecomState {
  const kfAccounts = options.kfAccounts ?? []
  return {
    options,
    clock: options.clock,
    faults: createWecomFaults(),
    tokens: new Map(),
    ways: new Map(),
    links: new Map(),
    contacts: new Map(),
    tasks: new Map(),
    kf: new Map(
      kfAccounts.map((openKfid) => [
        openKfid,
        { openKfid, messages: [], customers: new Map(), msgids: new Set() },
      ]),
    ),
    groups: new Map(),
    tags: new Map(),
    moments: new Map(),
    interceptRules: [],
    calls: new Map(),
    usedWelcomes: new Set(),
    nextId: 0,
  }
}

type Actions = Omit<WecomServer, 'url' | 'state' | 'misbehave' | 'close'>

function actionsOf(state: WecomState): Actions {
  const event = (fields: CallbackFields): Promise<boolean> =>
    pushCallback(state, {
      ToUserName: state.options.corpId ?? 'ww0000000000000000',
      FromUserName: 'sys',
      CreateTime: Math.floor(state.clock.now() / 1000),
      MsgType: 'event',
      ...fields,
    })
  const kfEvent = (openKfid: string): Promise<boolean> =>
    event({ Event: 'kf_msg_or_event', Token: makeId(state, 'ENC'), OpenKfId: openKfid })
  const contactEvent = { Event: 'change_external_contact' }
  return {
    add: ({ userid, externalUserid, state: token }) => {
      const welcomeCode = makeId(state, 'WELCOME')
      const addedAt = state.clock.now()
      const fresh = { isWelcomed: false, hasTalked: false, tags: new Set<string>() }
      const contact = { userid, externalUserid, state: token, addedAt, welcomeCode, ...fresh }
      state.contacts.set(contactKey(userid, externalUserid), contact)
      const who = { UserID: userid, ExternalUserID: externalUserid }
      const rest = { State: token, WelcomeCode: welcomeCode }
      return event({ ...contactEvent, ChangeType: 'add_external_contact', ...who, ...rest })
    },
    deleteMember: (userid, externalUserid) => {
      state.contacts.delete(contactKey(userid, externalUserid))
      const who = { UserID: userid, ExternalUserID: externalUserid }
      return event({ ...contactEvent, ChangeType: 'del_follow_user', ...who })
    },
    confirm: (msgid) => confirmTask(state, msgid),
    write: (said) => {
      customerWrites(state, said)
      return kfEvent(said.openKfid)
    },
    enter: (visit) => {
      customerEnters(state, visit)
      return kfEvent(visit.openKfid)
    },
    failSend: (fail) => {
      sendFails(state, fail)
      return kfEvent(fail.openKfid)
    },
    setGroup: (chatId, members) => {
      const isNew = !state.groups.has(chatId)
      state.groups.set(chatId, [...members])
      const change = isNew
        ? { ChangeType: 'create' }
        : { ChangeType: 'update', UpdateDetail: 'add_member', JoinScene: 1, MemChangeCnt: 1 }
      return event({ Event: 'change_external_chat', ChatId: chatId, ...change })
    },
  }
}

async function serve(
  state: WecomState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = url.pathname.replace('/cgi-bin/', '')
  const body = await bodyOf(request)
  if (path === 'gettoken') {
    answer(response, getToken(state, url.searchParams))
    return
  }
  state.calls.set(path, (state.calls.get(path) ?? 0) + 1)
  const { slowMs } = state.faults.get()
  if (slowMs > 0) await new Promise((done) => setTimeout(done, slowMs))
  if (refusesEarly(state, response)) return
  const value = run(state, path, { query: url.searchParams, body })
  if (state.faults.take('dropAfterNext')) response.destroy()
  else if (state.faults.take('halfNext')) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' })
    response.write(JSON.stringify(value).slice(0, 8))
    setImmediate(() => response.destroy())
  } else if (!state.faults.take('silentNext')) answer(response, value)
}

/** The faults that come before a call is taken. */
function refusesEarly({ faults }: WecomState, response: ServerResponse): boolean {
  if (faults.take('dropBeforeNext')) {
    response.destroy()
    return true
  }
  if (faults.take('brokenNext')) {
    response.writeHead(502, { 'content-type': 'text/html' })
    response.end('<html><body>502 Bad Gateway</body></html>')
    return true
  }
  const refusals = [
    ['expiredNext', 42001, 'access_token expired'],
    ['rateNext', 45009, 'api freq out of limit'],
    ['busyNext', -1, 'system error'],
    ['refuseNext', 40058, 'invalid request parameter'],
  ] as const
  const refusal = refusals.find(([name]) => faults.take(name))
  if (refusal === undefined) return false
  answer(response, { errcode: refusal[1], errmsg: refusal[2] })
  return true
}

function getToken(state: WecomState, query: URLSearchParams): Readonly<Record<string, unknown>> {
  const { corpId, corpSecret, tokenLifeSeconds = TOKEN_LIFE_SECONDS } = state.options
  state.calls.set('gettoken', (state.calls.get('gettoken') ?? 0) + 1)
  if (corpId !== undefined && query.get('corpid') !== corpId) {
    return { errcode: 40013, errmsg: 'invalid corpid' }
  }
  if (corpSecret !== undefined && query.get('corpsecret') !== corpSecret) {
    return { errcode: 40001, errmsg: 'invalid credential' }
  }
  const token = makeId(state, 'token')
  state.tokens.set(token, state.clock.now() + tokenLifeSeconds * 1000)
  return { errcode: 0, errmsg: 'ok', access_token: token, expires_in: tokenLifeSeconds }
}

function run(
  state: WecomState,
  path: string,
  request: { readonly query: URLSearchParams; readonly body: Readonly<Record<string, unknown>> },
): Readonly<Record<string, unknown>> {
  const endsAt = state.tokens.get(request.query.get('access_token') ?? '')
  if (endsAt === undefined) return { errcode: 40014, errmsg: 'invalid access_token' }
  if (state.clock.now() >= endsAt) return { errcode: 42001, errmsg: 'access_token expired' }
  try {
    const handler = API[path]
    if (handler === undefined) throw new ApiRefusal(48002, 'api forbidden')
    return { errcode: 0, errmsg: 'ok', ...handler(state, request) }
  } catch (error) {
    if (error instanceof ApiRefusal) return { errcode: error.code, errmsg: error.message }
    throw error
  }
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const body = await text(request)
  const value: unknown = body === '' ? {} : JSON.parse(body)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function answer(response: ServerResponse, value: Readonly<Record<string, unknown>>): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' })
  response.end(JSON.stringify(value))
}
