import { type Clock, instant, type Secret } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { InboundHandlers, InboundItem } from '../inbound.ts'
import { arrivedAt } from './arrived-at.ts'
import type { ImapSettings } from './email-settings.ts'
import { type ImapLink, openImapLink } from './imap-link.ts'
import {
  beginMail,
  type Folder,
  forgetMail,
  listMailTaken,
  noteMailTaken,
  putMailBack,
} from './imap-store.ts'
import { type EmailAccount, parseMail, understandMail, unreadableMail } from './read-mail.ts'

export type ImapInboxOptions = {
  readonly account: EmailAccount
  readonly settings: ImapSettings
  readonly password: Secret<string>
  readonly db: Database
  readonly clock: Clock
  readonly handlers: Pick<InboundHandlers, 'onInbound'>
}

export type ImapInbox = {
  /**
   * Takes what nobody took yet, when the server announced something or `pollMs` are over. How many were
   * stored. Throws what went wrong, and then rests a while before it connects again.
   */
  readonly takeNew: () => Promise<number>
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly close: () => void
}

const ROUND_MAX = 100
const FAILURES_IN_ROUND_MAX = 3
const REST_FIRST_MS = 1_000
const REST_MAX_MS = 60_000
/** A mail that the process died on so often is kept without being read. */
const BEGUN_MAX = 5
const VANISHED_MS = 24 * 60 * 60_000

type Inbox = {
  readonly options: ImapInboxOptions
  link: ImapLink | null
  isNews: boolean
  lookedAtMs: number
  restsUntilMs: number
  failures: number
  lastError: string | null
  taken: number
  cut: number
  unreadable: number
}

/**
 * Takes mail out of an IMAP folder. A mail is stored before the mailbox shows it as taken, and is known by
 * its Message-ID and content: whoever dies in between stores it once all the same.
 */
export function openImapInbox(options: ImapInboxOptions): ImapInbox {
  const inbox: Inbox = {
    ...{ options, link: null, isNews: true, lookedAtMs: 0, restsUntilMs: 0, failures: 0 },
    ...{ lastError: null, taken: 0, cut: 0, unreadable: 0 },
  }
  return {
    takeNew: () => takeNew(inbox),
    health: () => ({
      inboxOpen: inbox.link?.isOpen() === true,
      inboxTaken: inbox.taken,
      inboxCut: inbox.cut,
      inboxUnreadable: inbox.unreadable,
      inboxError: inbox.lastError,
    }),
    close: () => inbox.link?.close(),
  }
}

/** Logs in, opens the folder and leaves: nothing is read. Throws when it cannot. */
export async function probeImap(settings: ImapSettings, password: Secret<string>): Promise<string> {
  const link = await openImapLink({ settings, password, onNews: () => undefined })
  try {
    return `mailbox open, ${(await link.find()).length} to take`
  } finally {
    link.close()
  }
}

async function takeNew(inbox: Inbox): Promise<number> {
  const { pollMs } = inbox.options.settings
  const nowMs = performance.now()
  if (nowMs < inbox.restsUntilMs) return 0
  const isOpen = inbox.link?.isOpen() === true
  if (isOpen && !inbox.isNews && nowMs - inbox.lookedAtMs < pollMs) return 0
  try {
    const link = await linkOf(inbox)
    // Before the search: what is announced during it is looked for once more.
    inbox.isNews = false
    inbox.lookedAtMs = nowMs
    inbox.lastError = null
    const { taken, isMore } = await takeRound(inbox, link)
    if (isMore) inbox.isNews = true
    inbox.failures = 0
    return taken
  } catch (error) {
    noteFailure(inbox, error)
    throw new Error(`inbox: ${inbox.lastError ?? ''}`)
  }
}

async function linkOf(inbox: Inbox): Promise<ImapLink> {
  if (inbox.link?.isOpen() === true) return inbox.link
  const { settings, password } = inbox.options
  const onNews = (): void => {
    inbox.isNews = true
  }
  inbox.link = await openImapLink({ settings, password, onNews })
  return inbox.link
}

function noteFailure(inbox: Inbox, error: unknown): void {
  inbox.link?.close()
  inbox.link = null
  inbox.isNews = true
  inbox.lastError = describeImapError(error)
  const restMs = Math.min(REST_FIRST_MS * 2 ** Math.min(inbox.failures, 16), REST_MAX_MS)
  inbox.restsUntilMs = performance.now() + restMs
  inbox.failures += 1
}

/** The server's code and text, without addresses. */
export function describeImapError(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const { serverResponseCode: code, responseText: said } = { ...EMPTY, ...error }
  const text = [code, said ?? error.message].filter((word) => typeof word === 'string').join(' ')
  return text.replace(/[^\s<>"']+@[^\s<>"']+/g, '***').slice(0, DETAIL_CHARS_MAX)
}

const DETAIL_CHARS_MAX = 300
const EMPTY: { readonly serverResponseCode?: unknown; readonly responseText?: unknown } = {}

type Round = { readonly taken: number; readonly isMore: boolean }

async function takeRound(inbox: Inbox, link: ImapLink): Promise<Round> {
  const { account, settings, db, clock } = inbox.options
  const folder = {
    accountId: account.accountId,
    folder: settings.folder,
    uidValidity: link.uidValidity(),
  }
  const found = await link.find()
  const before = instant(clock.now() - VANISHED_MS)
  await forgetMail(db, folder, { found, before })
  const known = await listMailTaken(db, folder, found)
  const waiting = found.filter((uid) => !known.has(uid))
  const marked = [...known]
  let failures = 0
  for (const uid of waiting.slice(0, ROUND_MAX)) {
    const fate = await takeOne(inbox, link, { folder, uid })
    if (fate === 'taken') marked.push(uid)
    // One mail that cannot be stored stands in nobody's way; when none can, the trouble is elsewhere.
    if (fate === 'not-stored') failures += 1
    if (failures >= FAILURES_IN_ROUND_MAX) break
  }
  await link.mark(marked)
  const taken = marked.length - known.size
  if (failures >= FAILURES_IN_ROUND_MAX) throw new Error(inbox.lastError ?? 'nothing is stored')
  return { taken, isMore: failures === 0 && waiting.length > ROUND_MAX }
}

async function takeOne(
  inbox: Inbox,
  link: ImapLink,
  { folder, uid }: { readonly folder: Folder; readonly uid: number },
): Promise<'taken' | 'gone' | 'not-stored'> {
  const { db, clock, handlers } = inbox.options
  const place = { ...folder, uid }
  const begun = await beginMail(db, place, clock.now())
  const read = await link.read(uid).catch(async (error: unknown) => {
    await putMailBack(db, place)
    throw error
  })
  if (read === null) return 'gone'
  const item = await itemOf(inbox, read.raw, begun)
  try {
    await handlers.onInbound(item)
  } catch (error) {
    inbox.lastError = `a mail is not stored: ${error instanceof Error ? error.name : 'failed'}`
    await putMailBack(db, place)
    return 'not-stored'
  }
  await noteMailTaken(db, place, clock.now())
  inbox.taken += 1
  if (read.isCut) inbox.cut += 1
  return 'taken'
}

async function itemOf(inbox: Inbox, raw: Buffer, begun: number): Promise<InboundItem> {
  const { account, clock } = inbox.options
  const at = clock.now()
  if (begun <= BEGUN_MAX) {
    const mail = await parseMail(raw).catch(() => null)
    if (mail !== null)
      return understandMail(account, { ...arrivedAt(account, mail), raw, at }, mail)
  }
  inbox.unreadable += 1
  const unknown = { envelopeFrom: '<>', to: account.settings.replyTo }
  return unreadableMail(account, { ...unknown, raw, at })
}
