import { createHash } from 'node:crypto'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, formatInstant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import { writePdf } from '../../platform/pdf/index.ts'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { letterBlocks } from './letter-blocks.ts'
import type { LetterSettings } from './letter-settings.ts'
import { reserveNumber } from './letter-store.ts'
import { trackingNumber } from './tracking.ts'

export type LetterOptions = {
  readonly account: ProviderAccount
  readonly settings: LetterSettings
  readonly db: Database
  readonly clock: Clock
}
export type LetterHealth = { readonly isBound: boolean; readonly lastError: string | null }

/**
 * Letters laid into a print house's folder. A letter is there as a whole or not at all: it is written beside
 * and renamed, with its slip (number, hash, language; nobody's name) before it, so that a PDF in sight is ready.
 */
export function createLetterChannel(
  options: LetterOptions,
): Channel & { readonly health: () => LetterHealth } {
  const { account, settings } = options
  let lastError: string | null = null
  const send = async (permit: Permit): Promise<SendResult> => {
    const result = await sendLetter(permit, options)
    // A letter that names nobody says nothing of the folder.
    if (result.fate !== 'rejected') lastError = result.fate === 'accepted' ? null : result.detail
    return result
  }
  return {
    name: 'letter',
    account,
    window: settings.window,
    countParts: () => 1,
    // One after the other: a page is set by this thread alone.
    send: async (permits) => {
      const results: SendResult[] = []
      for (const permit of permits) results.push(await send(permit))
      return results
    },
    close: async () => undefined,
    health: () => ({ isBound: lastError === null, lastError }),
  }
}

async function sendLetter(permit: Permit, options: LetterOptions): Promise<SendResult> {
  const { permitId } = permit
  const notSent = (detail: string): SendResult => ({ permitId, fate: 'not-sent', detail })
  if (options.clock.now() >= permit.expiresAt) return notSent('the permit has expired')
  if (permit.addressee === null)
    return { permitId, fate: 'rejected', code: 'no-addressee', detail: 'nobody is named' }
  const reference = await referenceOf(permit, options)
  if (reference === null) return notSent('the range of tracking numbers is used up')
  const made = await orReason(() => makePdf(permit, { reference, options }))
  if (made.value === null) return notSent(made.reason)
  const pdf = made.value
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  const out = join(options.settings.folder, 'out')
  const slip = JSON.stringify({
    ...{ reference, sha256, bytes: pdf.length, language: permit.content.language },
    madeAt: formatInstant(options.clock.now()),
  })
  const slipped = await orReason(() => place(out, `${reference}.json`, `${slip}\n`))
  if (slipped.value === null) return notSent(slipped.reason)
  const placed = await orReason(() => place(out, `${reference}.pdf`, pdf))
  if (placed.value !== null)
    return { permitId, fate: 'accepted', providerMessageId: reference, parts: 1, paper: sha256 }
  // It may stand there in spite of the error, as when the folder went away behind the rename.
  const seen = await stat(join(out, `${reference}.pdf`)).catch(
    (error: NodeJS.ErrnoException) => error,
  )
  const isAbsent = 'code' in seen && seen.code === 'ENOENT' && (await isThere(out))
  return isAbsent ? notSent(placed.reason) : { permitId, fate: 'unknown', detail: placed.reason }
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null
}

/** The item's number, else the permit's own: either is the name of its files and what receipts speak of. */
async function referenceOf(
  { permitId }: Permit,
  { account: { accountId }, settings: { tracking }, db, clock }: LetterOptions,
): Promise<string | null> {
  if (tracking === null) return permitId
  const range = { accountId, from: tracking.from, to: tracking.to }
  const serial = await reserveNumber(db, range, { permitId, at: clock.now() })
  return serial === null ? null : trackingNumber(serial, tracking)
}

async function makePdf(
  { content, address, addressee }: Permit,
  { reference, options }: { reference: string; options: LetterOptions },
): Promise<Buffer> {
  const { settings, clock } = options
  const at = clock.now()
  const seal = settings.seal === null ? null : await readFile(settings.seal)
  const { sender } = settings
  const letter = {
    ...{ content, sender, seal, reference, at },
    address: address.reveal(),
    addressee: addressee?.reveal() ?? '',
  }
  return writePdf({
    title: content.subject ?? reference,
    language: content.language,
    blocks: letterBlocks(letter),
    footer: `${sender.name} · ${reference}`,
    at,
  })
}

/** Written, on the disk, and only then under its name. */
async function place(folder: string, name: string, bytes: string | Buffer): Promise<true> {
  const hidden = join(folder, `.${name}.part`)
  const file = await open(hidden, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(hidden, join(folder, name))
  return true
}

/** A value, or what the system said instead: its code only, for paths and names may tell of people. */
async function orReason<T>(
  work: () => Promise<T>,
): Promise<{ value: T; reason: '' } | { value: null; reason: string }> {
  try {
    return { value: await work(), reason: '' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { value: null, reason: `the print folder answers ${code}` }
  }
}
