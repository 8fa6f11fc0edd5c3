import type { Clock } from '@dunlin/kernel'
import type { WecomFaults } from './misbehaviour.ts'

export type WecomOptions = {
  readonly port: number
  readonly clock: Clock
  readonly corpId?: string
  readonly corpSecret?: string
  readonly callback?: {
    /** Asked for at each push, since the product may not listen yet. */
    readonly url: () => string
    readonly token: string
    readonly encodingAesKey: string
  }
  readonly tokenLifeSeconds?: number
  /** Members who may be named. */
  readonly members?: readonly string[]
  readonly kfAccounts?: readonly string[]
  /** Every customer counts as having just written: for tests of what is sent, not of the window. */
  readonly isWindowOpen?: boolean
  readonly onText?: (message: { readonly to: string; readonly text: string }) => void
  readonly onTrouble?: (what: string) => void
}

export type Contact = {
  readonly userid: string
  readonly externalUserid: string
  readonly state: string
  readonly addedAt: number
  readonly welcomeCode: string
  isWelcomed: boolean
  hasTalked: boolean
  readonly tags: Set<string>
}

export type MassTask = {
  readonly msgid: string
  readonly sender: string
  readonly text: string
  readonly createdAt: number
  /** Status of each receiver: 0 waits, 1 sent, 2 no contact, 3 has had another. */
  readonly receivers: Map<string, { status: 0 | 1 | 2 | 3; sentAt: number }>
  isCancelled: boolean
}

export type KfMessage = Readonly<Record<string, unknown>> & { readonly msgid: string }
export type KfCustomer = { lastAt: number; sent: number; state: 0 | 1 | 2 | 3 | 4 }
export type KfAccount = {
  readonly openKfid: string
  readonly messages: KfMessage[]
  readonly customers: Map<string, KfCustomer>
  readonly msgids: Set<string>
}

export type GroupMember = { readonly userid: string; readonly type: 1 | 2 }

/** All that the pretend corp knows. */
export type WecomState = {
  readonly options: WecomOptions
  readonly clock: Clock
  readonly faults: WecomFaults
  readonly tokens: Map<string, number>
  readonly ways: Map<string, { readonly state: string; readonly users: readonly string[] }>
  readonly links: Map<string, { readonly users: readonly string[] }>
  readonly contacts: Map<string, Contact>
  readonly tasks: Map<string, MassTask>
  readonly kf: Map<string, KfAccount>
  readonly groups: Map<string, GroupMember[]>
  readonly tags: Map<string, string>
  readonly moments: Map<string, string>
  readonly interceptRules: { readonly name: string; readonly words: readonly string[] }[]
  readonly calls: Map<string, number>
  readonly usedWelcomes: Set<string>
  nextId: number
}

/** An answer with an error code. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly code: number

  constructor(code: number, words: string) {
    super(words)
    this.code = code
  }
}

export type ApiRequest = {
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}
export type ApiHandler = (
  state: WecomState,
  request: ApiRequest,
) => Readonly<Record<string, unknown>>

export function makeId(state: WecomState, prefix: string): string {
  state.nextId += 1
  return `${prefix}${String(state.nextId).padStart(22, '0')}`
}

export function contactKey(userid: string, externalUserid: string): string {
  return `${userid} ${externalUserid}`
}

export function textIn(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw new ApiRefusal(40058, `${name} must be a string`)
  return value
}

export function textsIn(body: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = body[name] ?? []
  if (!Array.isArray(value)) throw new ApiRefusal(40058, `${name} must be an array`)
  return value.map(String)
}

/** `text.content` of a message body. */
export function contentIn(body: Readonly<Record<string, unknown>>, bytesMax: number): string {
  const { text } = body
  if (typeof text !== 'object' || text === null || !('content' in text)) {
    throw new ApiRefusal(40058, 'text.content is missing')
  }
  const content = String(text.content)
  if (Buffer.byteLength(content) > bytesMax) throw new ApiRefusal(45002, 'content too long')
  return content
}

export function knownMember(state: WecomState, userid: string): string {
  const { members } = state.options
  if (members !== undefined && !members.includes(userid)) {
    throw new ApiRefusal(60111, 'invalid string value, userid not found')
  }
  return userid
}
