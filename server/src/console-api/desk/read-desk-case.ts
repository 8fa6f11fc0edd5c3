import { deskCase, type TimelineItem } from '@dunlin/contract'
import { formatInstant, formatMajor, type Instant } from '@dunlin/kernel'
import { z } from 'zod'
import { readLease } from '../../cases/index.ts'
import { previewContacts, toVerdict } from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { dpdAt, maskedName } from '../cases/case-item.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { type DeskCaseRow, readStanding } from './case-view-store.ts'
import { basesOf, IDENTITY_TRIES_MAX, readIdentity } from './check-identity.ts'
import { dayOf } from './day-of.ts'
import { readOwed } from './owed.ts'
import { reachCase } from './reach-case.ts'
import { fillIn, REPLIES, scriptOf } from './scripts.ts'
import { listTimeline, type TimelineRow } from './timeline-store.ts'
import { toLease } from './work-next.ts'

type Seen = { readonly row: DeskCaseRow; readonly asker: Asker; readonly at: Instant }

/** One case as the desk shows it, in one answer. No amount leaves before the identity is verified or a reason is given. */
export function routeDeskCase(app: App, context: ConsoleContext): void {
  serve(app, context, deskCase, async ({ asker, idIn, at }) => {
    const row = await reachCase(context, asker, idIn)
    const seen = { row, asker, at }
    const { today } = dayOf(row.zone, at)
    const who = { borrowerId: row.borrower_id, caseId: row.case_id, at: formatInstant(at) }
    const [lease, identity, lamps, timeline, standing] = await Promise.all([
      readLease(context.db, { borrowerId: row.borrower_id, wall: context.wall.now() }),
      readIdentity(context, context.db, { asker, row }),
      readLamps(context, row, at),
      listTimeline(context.db, who),
      readStanding(context.db, { ...who, agentId: asker.agentId }),
    ])
    const isOpen = identity.how !== null
    const owed = isOpen ? await context.db.transaction((tx) => readOwed(tx, row, today)) : null
    return {
      case: toCase(context.sealer, seen, today),
      lease: toLease(lease, asker),
      identity: {
        isOpen,
        how: identity.how,
        bases: basesOf(context.sealer, row),
        triesLeft: IDENTITY_TRIES_MAX - identity.wrong,
      },
      owed,
      lamps,
      script: toScript(context.sealer, seen, owed?.arrearsMinor ?? null),
      ...standing,
      promise: standing.promise && {
        ...standing.promise,
        amountMinor: isOpen ? standing.promise.amountMinor : null,
      },
      timeline: timeline.map((each) => toItem(context.sealer, each, isOpen)),
      templates: templatesOf(context, row),
    }
  })
}

function toCase(sealer: Sealer, { row, at }: Seen, today: string) {
  return {
    id: row.case_id,
    borrowerNo: row.borrower_no,
    name: maskedName(sealer, row.sealed),
    portfolio: row.portfolio,
    lender: row.lender,
    currency: row.currency,
    state: row.state,
    stage: row.stage,
    dpd: dpdAt(row, at),
    today,
    agent: row.agent ?? row.agency,
  }
}

async function readLamps({ db, gate }: ConsoleContext, row: DeskCaseRow, at: Instant) {
  const accounts = (await listAccounts(db)).filter((each) => each.collectionContent)
  const carriers = new Set(accounts.map(({ channel }) => channel))
  const found = await previewContacts(db, gate, { caseId: row.case_id, at, carriers })
  return found.map(({ channel, contactPointId, masked, relation, verdict }) => ({
    ...{ channel, contactPointId, relation },
    point: masked,
    now: toVerdict(verdict),
  }))
}

/** The script of the stage; what speaks of a debt stays covered until the identity is verified. */
function toScript(sealer: Sealer, { row, asker, at }: Seen, arrearsMinor: number | null) {
  const { id, title, lines } = scriptOf(row.stage)
  const words = {
    lender: row.lender,
    agent: asker.name,
    name: maskedName(sealer, row.sealed),
    dpd: String(dpdAt(row, at)),
    contactLine: row.contact_line,
    complaintLine: row.complaint_line,
    amount: arrearsMinor === null ? '' : formatMajor(BigInt(arrearsMinor), row.currency),
  }
  return {
    ...{ id, title },
    lines: lines.map(({ key, must, after, zh, en }) => ({
      ...{ key, must },
      isAfterIdentity: after === 'identity',
      text:
        after === 'identity' && arrearsMinor === null
          ? null
          : { zh: fillIn(zh, words), en: fillIn(en, words) },
    })),
  }
}

const written = z.object({
  subject: z.string().nullable().default(null),
  text: z.string().default(''),
})

function toItem(sealer: Sealer, row: TimelineRow, isOpen: boolean): TimelineItem {
  const { id, at, kind, what, state, by, rule } = row
  const amountMinor = isOpen && row.amount_minor !== null ? Number(row.amount_minor) : null
  const text = row.text ?? wordsOf(sealer, row)
  return { id, at, kind, what, state, by, rule, text, amountMinor, isInbound: row.is_inbound }
}

/** Nothing is left of words after an erasure. */
function wordsOf(sealer: Sealer, { kind, sealed }: TimelineRow): string | null {
  if (sealed === null || sealed.length === 0) return null
  const opened = sealer.open(sealed)
  if (kind !== 'message') return opened
  const { subject, text } = written.parse(JSON.parse(opened))
  return subject === null ? text : `${subject}\n${text}`
}

const CHANNELS = ['sms', 'email', 'wecom'] as const

/** Ready answers, to be changed, and the messages of the stage, which go as they are. */
function templatesOf({ gate }: ConsoleContext, { packs, stage }: DeskCaseRow) {
  const answers = CHANNELS.flatMap((channel) =>
    REPLIES.map(({ id, title, zh, en }) => ({ id, channel, title, text: { zh, en } })),
  )
  const stageName = (stage ?? 'm3').toLowerCase()
  const fixed = packs.flatMap((pack) =>
    CHANNELS.flatMap((channel) => {
      const id = `${pack}-${stageName}-${channel}`
      if (!gate.templates.has(id)) return []
      const title = { zh: `${stage ?? ''} 阶段通知`, en: `${stage ?? ''} notice` }
      return [{ id, channel, title, text: null }]
    }),
  )
  return [...answers, ...fixed]
}
