import {
  type EpochDay,
  epochDay,
  formatInstant,
  type Instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { type Facts, factsSchema } from '@dunlin/policy'
import { z } from 'zod'
import { makePortalUrl } from '../channels/portal-token.ts'
import { makeUnsubscribeToken } from '../channels/unsubscribe-token.ts'
import type { Sealer } from '../platform/seal/index.ts'
import type { ConsentFact, FactRow, HoldFact } from './dispatch-store.ts'
import type { AttemptFacts } from './model/decide-attempt.ts'

export type GatherOptions = {
  readonly sealer: Sealer
  readonly at: Instant
  readonly collectionContent: boolean
  /** Where one-click unsubscription answers, without a slash at the end. */
  readonly publicUrl: string
  readonly holds: ReadonlyMap<string, readonly HoldFact[]>
  readonly consents: ReadonlyMap<string, readonly ConsentFact[]>
}

const BORROWER = 'borrower'

/** The gate's facts of one attempt, built from its row. A point without a channel's kind comes out as null. */
export function gatherFacts(
  row: FactRow,
  channel: AttemptFacts['channel'],
  options: GatherOptions,
): AttemptFacts | null {
  if (row.point_id === null || row.template === null) return null
  const [zone = ''] = row.zones
  const dpd = dpdOf(row, localDay(required(zoneNamed(zone), `zone ${zone}`), options.at))
  const isLate = dpd > 0
  return {
    attemptId: row.attempt_id,
    borrowerId: row.borrower_id,
    caseId: row.case_id,
    channel,
    via: viaOf(row, channel),
    actor: actorOf(row, options.at),
    pointId: row.point_id,
    language: row.language,
    zone,
    amountMinor: BigInt((isLate ? row.arrears_minor : row.next_due_minor) ?? '0'),
    currency: row.currency,
    dpd,
    nextDueOn: row.next_due_days === null ? null : epochDay(row.next_due_days),
    lender: row.lender,
    contactLine: row.contact_line,
    complaintLine: row.complaint_line,
    collectionContent: options.collectionContent,
    direction: row.direction === 'reply' ? 'reply' : 'outbound',
    reply: openReply(row, options.sealer),
    unsubscribeUrl:
      channel === 'email'
        ? `${options.publicUrl}/u/${makeUnsubscribeToken(options.sealer, { borrowerId: row.borrower_id, partyId: row.party_id, channel })}`
        : '',
    // Of the borrower's own point only: the page behind it is theirs.
    portalUrl:
      row.party_id === null
        ? makePortalUrl(options.sealer, {
            publicUrl: options.publicUrl,
            borrowerId: row.borrower_id,
            at: options.at,
          })
        : '',
    asked:
      row.asked_minor === null || row.asked_days === null
        ? null
        : { amountMinor: BigInt(row.asked_minor), dueOn: epochDay(row.asked_days) },
    service: serviceOf(row, options),
    facts: toFacts(row, row.point_id, options),
  }
}

/** What an agent answers; nothing is left of it after an erasure. */
function openReply({ sealed_reply: sealed }: FactRow, sealer: Sealer): string {
  return sealed === null || sealed.length === 0 ? '' : sealer.open(sealed)
}

const serviceSchema = z.object({ reference: z.string(), code: z.string() })

function serviceOf(row: FactRow, { sealer }: GatherOptions): AttemptFacts['service'] {
  return row.sealed_facts === null || row.sealed_facts.length === 0
    ? null
    : serviceSchema.parse(JSON.parse(sealer.open(row.sealed_facts)))
}

/** By mass task, customer service or welcome; a point of another channel has one way only. */
function viaOf(row: FactRow, channel: AttemptFacts['channel']): AttemptFacts['via'] {
  if (channel !== 'wecom') return null
  const via = row.via ?? row.point_via
  return via === 'kf' || via === 'chat' ? via : 'mass'
}

/**
 * What a member sends and what an agent answers is that agent's contact; without a certificate in force it is
 * no certified agent's.
 */
function actorOf(row: FactRow, at: Instant): AttemptFacts['actor'] {
  if (row.direction === 'reply')
    return agentOf({
      ...{ id: row.reply_agent, certifiedUntil: row.reply_certified_until },
      ...{ trainedOn: row.reply_trained_on, at },
    })
  if (row.point_via !== 'mass' || row.via === 'chat') return { kind: 'robot' }
  return agentOf({
    ...{ id: row.member_agent, certifiedUntil: row.member_certified_until },
    ...{ trainedOn: row.member_trained_on, at },
  })
}

function agentOf(agent: {
  readonly id: string | null
  readonly certifiedUntil: string | null
  readonly trainedOn: string | null
  readonly at: Instant
}): AttemptFacts['actor'] {
  const today = formatInstant(agent.at).slice(0, 10)
  return {
    kind: 'agent',
    id: agent.id ?? 'nobody',
    certified: agent.certifiedUntil !== null && agent.certifiedUntil >= today,
    ...(agent.trainedOn === null ? {} : { trainedAt: agent.trainedOn }),
  }
}

function dpdOf(row: FactRow, today: EpochDay): number {
  if (row.held_dpd !== null) return row.held_dpd
  return row.ages_from_days === null ? 0 : Math.max(0, today - row.ages_from_days)
}

function toFacts(row: FactRow, pointId: string, { holds, consents }: GatherOptions): Facts {
  const party = row.party_id === null ? BORROWER : row.party_id
  const given = {
    borrower: {
      country: row.country,
      zones: row.zones,
      status: row.status,
      capacity: row.capacity,
    },
    collector: { role: row.collector_role },
    parties: [
      { id: BORROWER, relation: 'borrower' },
      ...(row.party_id === null ? [] : [{ id: row.party_id, relation: row.party_relation }]),
    ],
    points: [
      {
        id: pointId,
        party,
        kind: row.point_kind,
        health: row.point_health,
        source: row.point_source,
        work: row.point_work,
      },
    ],
    debts: (row.debts ?? []).map((id) => ({ id })),
    holds: (holds.get(row.borrower_id) ?? []).map(toHold),
    consents: (consents.get(row.borrower_id) ?? []).map(toConsent),
    history: [],
  }
  // Holds, consents and odd points are read through the schema; history, the bulk, is built by hand below.
  const facts = factsSchema.parse(given)
  return { ...facts, history: row.history === null ? [] : row.history.split('\n').map(toEvent) }
}

function toHold(hold: HoldFact): object {
  const scope = withoutNulls({
    party: hold.party_id,
    channel: hold.channel,
    point: hold.contact_point_id,
    debts: hold.debts,
    hours: hold.hours,
    days: hold.days,
    place: hold.place,
  })
  return withoutNulls({ kind: hold.kind, from: hold.from_at, to: hold.to_at, scope })
}

function toConsent(consent: ConsentFact): object {
  return withoutNulls({
    kind: consent.kind,
    party: consent.party_id,
    channel: consent.channel,
    from: consent.from_at,
    to: consent.to_at,
    givenTo: consent.given_to,
    hours: consent.hours,
    tainted: consent.is_tainted,
  })
}

function withoutNulls(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

type PastContact = Facts['history'][number]
const CHANNEL_OF: ReadonlyMap<string, PastContact['channel']> = new Map(
  (
    [
      'call',
      'robot-call',
      'sms',
      'email',
      'wecom',
      'wecom-group',
      'wecom-moment',
      'letter',
      'visit',
      'push',
      'social-public',
    ] as const
  ).map((word) => [word, word]),
)
const LINE_OF: ReadonlyMap<string, NonNullable<PastContact['line']>> = new Map(
  (
    [
      'no-answer',
      'busy',
      'invalid',
      'not-connected',
      'connected',
      'voicemail',
      'delivered',
      'failed',
      'unknown',
    ] as const
  ).map((word) => [word, word]),
)

function isVia(word: string): word is NonNullable<PastContact['via']> {
  return word === 'mass' || word === 'kf' || word === 'chat'
}

/** One line of the history text (see HISTORY in the store), whose instant is PostgreSQL's own text in UTC. An unknown word makes the gate refuse the whole. */
function toEvent(text: string): PastContact {
  const [
    at = '',
    channel = '',
    direction = '',
    party = '',
    point = '',
    line = '',
    effective = '',
    actor = '',
    agency = '',
    actorId = '',
    via = '',
  ] = text.split('|')
  const known = LINE_OF.get(line)
  return {
    at: `${at.slice(0, 10)}T${at.slice(11, 19)}Z`,
    channel: required(CHANNEL_OF.get(channel), `channel ${channel}`),
    direction: direction === 'inbound' ? 'inbound' : direction === 'reply' ? 'reply' : 'outbound',
    party: party === '' ? BORROWER : party,
    ...(point === '' ? {} : { point }),
    ...(known === undefined ? {} : { line: known }),
    effective: effective === '1',
    actor: {
      kind: actor === 'robot' ? 'robot' : 'agent',
      ...(agency === '' ? {} : { agency }),
      ...(actorId === '' ? {} : { id: actorId }),
    },
    ...(isVia(via) ? { via } : {}),
  }
}
