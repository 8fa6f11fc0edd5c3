import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Clock } from '@dunlin/kernel'
import { createFaults, type Faults } from '../control/faults.ts'
import type { SignedRequest } from './check-signature.ts'
import { ALIYUN, type Asked, type CloudVendor, type Sent, TENCENT } from './vendors.ts'

/** What the cloud does wrong on demand. Counts say for how many of the next requests. */
export type CloudMisbehaviour = {
  /** Refuses the number. */
  readonly refuseNext: number
  /** Refuses for the rate. */
  readonly throttleNext: number
  /** Says that the signature is wrong. */
  readonly badSignatureNext: number
  /** Answers with a code after which nobody knows whether it was sent. */
  readonly strangeCodeNext: number
  /** Answers 502 with a page instead of JSON; nothing is accepted. */
  readonly serverErrorNext: number
  readonly dropBeforeNext: number
  readonly dropAfterNext: number
  readonly silentNext: number
  /** Accepts, writes half the answer and drops the connection. */
  readonly halfNext: number
  readonly slowMs: number
  /** Pushes every callback twice. */
  readonly isCallbackDoubled: boolean
}

const BEHAVED: CloudMisbehaviour = {
  ...{ refuseNext: 0, throttleNext: 0, badSignatureNext: 0, strangeCodeNext: 0 },
  ...{ serverErrorNext: 0, dropBeforeNext: 0, dropAfterNext: 0, silentNext: 0, halfNext: 0 },
  ...{ slowMs: 0, isCallbackDoubled: false },
}

export type CloudSmsOptions = {
  readonly vendor: 'aliyun' | 'tencent'
  readonly port: number
  readonly clock: Clock
  readonly secret: string
  /** Approved templates: code → text. */
  readonly templates: Readonly<Record<string, string>>
  /** Where callbacks are pushed. */
  readonly callback?: () => string
}

/** A public cloud's SMS API on the loopback address. */
export type CloudSms = {
  readonly url: string
  readonly arrived: () => readonly { readonly to: string; readonly text: string }[]
  readonly misbehave: (change: Partial<CloudMisbehaviour>) => void
  /** Pushes what became of everything sent since the last push, in one list. Whether it was taken. */
  readonly pushReports: (isDelivered?: boolean) => Promise<boolean>
  readonly sendFromPhone: (from: string, text: string) => Promise<boolean>
  readonly close: () => Promise<void>
}

type State = {
  readonly options: CloudSmsOptions
  readonly vendor: CloudVendor
  readonly faults: Faults<CloudMisbehaviour>
  readonly arrived: { to: string; text: string }[]
  unreported: Sent[]
  count: number
}

const SKEW_SECONDS_MAX = 300
const PUSH_TRIES = 3
const SILENT_MS = 600_000
/** What the clouds forbid on standard terms. */
const FORBIDDEN = /催|逾期|还款|贷款|欠款|征信/

export async function startCloudSms(options: CloudSmsOptions): Promise<CloudSms> {
  const vendor = options.vendor === 'aliyun' ? ALIYUN : TENCENT
  const faults = createFaults(BEHAVED)
  const state: State = { options, vendor, faults, arrived: [], unreported: [], count: 0 }
  const server = createServer((request, response) => {
    serve(state, request, response).catch(() => response.destroy())
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrived: () => state.arrived,
    misbehave: faults.set,
    pushReports: (isDelivered = true) => {
      const reports = state.unreported.map((sent) => vendor.report(sent, isDelivered))
      state.unreported = []
      return push(state, reports)
    },
    sendFromPhone: (from, words) => {
      state.count += 1
      const said = { from, text: words, at: options.clock.now(), id: state.count }
      const reply = vendor.reply(said)
      return push(state, options.vendor === 'aliyun' ? [reply] : reply)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

async function serve(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { faults, vendor } = state
  const body = await text(request)
  const url = new URL(request.url ?? '/', 'http://localhost')
  const { method = 'GET', headers } = request
  const signed = { method, query: url.searchParams, headers, body }
  const refusal = refusalOf(state, signed)
  if (refusal !== null) {
    response.end(JSON.stringify(vendor.refused(refusal)))
    return
  }
  if (faults.take('dropBeforeNext')) {
    response.destroy()
    return
  }
  if (faults.take('serverErrorNext')) {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
    return
  }
  await answerAccepted(state, response, accept(state, vendor.read(signed)))
}

async function answerAccepted(
  state: State,
  response: ServerResponse,
  answer: string,
): Promise<void> {
  const { faults } = state
  if (faults.take('dropAfterNext')) response.destroy()
  else if (faults.take('halfNext')) {
    response.writeHead(200, { 'content-length': answer.length })
    response.write(answer.slice(0, answer.length / 2), () => response.destroy())
  } else if (faults.take('silentNext')) {
    setTimeout(() => response.destroy(), SILENT_MS).unref()
  } else {
    const { slowMs } = faults.get()
    if (slowMs > 0) await new Promise((done) => setTimeout(done, slowMs))
    response.end(answer)
  }
}

function refusalOf({ options, vendor, faults }: State, request: SignedRequest): string | null {
  const { codes } = vendor
  const isOld = Math.abs(vendor.secondsOf(request) - options.clock.now() / 1000) > SKEW_SECONDS_MAX
  if (faults.take('badSignatureNext') || isOld || !vendor.isSigned(request, options.secret)) {
    return codes.signature
  }
  if (faults.take('throttleNext')) return codes.throttled
  if (faults.take('refuseNext')) return codes.number
  if (faults.take('strangeCodeNext')) return codes.strange
  const asked = vendor.read(request)
  const rendered = render(options, asked)
  if (rendered === null) return codes.template
  return FORBIDDEN.test(rendered) ? codes.words : null
}

function accept(state: State, asked: Asked): string {
  const { options, vendor } = state
  state.count += 1
  const id = vendor.makeId(state.count)
  state.unreported.push({ id, asked })
  state.arrived.push({ to: asked.phone, text: render(options, asked) ?? '' })
  return JSON.stringify(vendor.taken(id, asked))
}

/** What the phone shows; null for a template that nobody approved. */
function render({ templates }: CloudSmsOptions, asked: Asked): string | null {
  const template = templates[asked.template]
  if (template === undefined) return null
  const filled = template.replace(/\$?\{(\w+)\}/g, (_, name: string) => asked.values[name] ?? '')
  return `【${asked.signName}】${filled}`
}

async function push({ options, faults }: State, items: object): Promise<boolean> {
  const { callback } = options
  if (callback === undefined) return false
  let isTaken = false
  const times = faults.get().isCallbackDoubled ? 2 : 1
  for (let time = 0; time < times; time += 1) {
    isTaken = false
    for (let tries = 0; tries < PUSH_TRIES && !isTaken; tries += 1) {
      const answer = await fetch(callback(), {
        ...{ method: 'POST', body: JSON.stringify(items) },
        headers: { 'content-type': 'application/json;charset=utf-8' },
      })
      const told = await answer.text()
      isTaken = answer.status === 200 && /"(code|result)":0\b/.test(told)
    }
  }
  return isTaken
}
