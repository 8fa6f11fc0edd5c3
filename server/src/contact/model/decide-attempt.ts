import { hash } from 'node:crypto'
import {
  addDays,
  civil,
  type EpochDay,
  epochDay,
  formatInstant,
  formatMajor,
  type Instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import {
  decidePrepared,
  type Facts,
  type Intent,
  type Policy,
  prepareFacts,
  ruleIds,
  type Verdict,
} from '@dunlin/policy'
import type { MessageTemplate, Rendered } from './templates.ts'

/** What production knows about an attempt: nothing is optional, because absence means no (rulings 2). */
export type AttemptFacts = {
  readonly attemptId: string
  readonly borrowerId: string
  readonly caseId: string | null
  readonly channel: MessageTemplate['channel']
  /** By which of the channel's ways; null where it has one. */
  readonly via: 'mass' | 'kf' | 'chat' | null
  /** Who sends it: a robot, or the agent in whose name it lies until that person confirms it. */
  readonly actor: NonNullable<Intent['actor']>
  readonly pointId: string
  readonly language: string
  readonly zone: string
  readonly amountMinor: bigint
  readonly currency: string
  /** The date by which payment is asked for. */
  readonly dpd: number
  readonly nextDueOn: EpochDay | null
  readonly lender: string
  readonly contactLine: string
  readonly complaintLine: string
  readonly collectionContent: boolean
  readonly unsubscribeUrl: string
  /** `reply` when it answers what the person wrote. */
  readonly direction: 'outbound' | 'reply'
  /** An agent's own words; empty where the template says everything. */
  readonly reply: string
  /** Signed, of this borrower; empty where the point is somebody else's. */
  readonly portalUrl: string
  /** The next part of a running plan: what is asked for instead of the arrears. */
  readonly asked: { readonly amountMinor: bigint; readonly dueOn: EpochDay } | null
  /** What a service message answers and says; null for every other. */
  readonly service: { readonly reference: string; readonly code: string } | null
  /** In the gate's own form. */
  readonly facts: Facts
}

export type Decided = {
  readonly attempt: AttemptFacts
  readonly rendered: Rendered
  readonly intent: Intent
  readonly verdict: Verdict
}

/** Days a borrower is given to pay, from the day of the message. */
const DAYS_TO_PAY = 3
/** A letter is days on its way. */
const DAYS_TO_PAY_BY_LETTER = 10

/** Renders the message and asks the gate. Pure: the instant and everything else comes as an argument. */
export function decideAttempt(
  attempt: AttemptFacts,
  { template, policy, at }: { template: MessageTemplate; policy: Policy; at: Instant },
): Decided {
  const { rendered, intent } = intentOf(attempt, { template, at })
  const verdict = decidePrepared(policy, prepareFacts(attempt.facts), intent)
  return { attempt, rendered, intent, verdict }
}

/** The rendered message and what the gate is asked about it. */
export function intentOf(
  attempt: AttemptFacts,
  { template, at }: { template: MessageTemplate; at: Instant },
): Pick<Decided, 'rendered' | 'intent'> {
  const rendered = renderFor(attempt, template, at)
  const intent: Intent = {
    at: formatInstant(at),
    channel: attempt.channel,
    purpose: template.purpose,
    party: 'borrower',
    point: attempt.pointId,
    direction: attempt.direction,
    actor: attempt.actor,
    ...(attempt.via === null ? {} : { via: attempt.via }),
    provider: { collectionContent: attempt.collectionContent },
    content: {
      text: rendered.subject === null ? rendered.text : `${rendered.subject}\n${rendered.text}`,
      language: rendered.language,
      kind: template.kind,
    },
  }
  return { rendered, intent }
}

function renderFor(attempt: AttemptFacts, template: MessageTemplate, at: Instant): Rendered {
  const today = localDay(required(zoneNamed(attempt.zone), 'zone'), at)
  const soon = addDays(today, attempt.channel === 'letter' ? DAYS_TO_PAY_BY_LETTER : DAYS_TO_PAY)
  const own = attempt.nextDueOn !== null && attempt.dpd === 0 ? attempt.nextDueOn : soon
  const { asked, service } = attempt
  const deadline = asked === null ? own : epochDay(Math.max(asked.dueOn, today))
  return template.render(attempt.language, {
    lender: attempt.lender,
    amount: withThousands(formatMajor(asked?.amountMinor ?? attempt.amountMinor, attempt.currency)),
    deadline: dateInWords(deadline, attempt.language),
    dpd: attempt.dpd,
    contactLine: attempt.contactLine,
    complaintLine: attempt.complaintLine,
    unsubscribeUrl: attempt.unsubscribeUrl,
    reply: attempt.reply,
    portalUrl: attempt.portalUrl,
    code: service?.code ?? '',
    reference: service?.reference ?? '',
  })
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function dateInWords(day: EpochDay, language: string): string {
  const { month, dayOfMonth } = civil(day)
  return language === 'en'
    ? `${MONTHS[month - 1] ?? ''} ${dayOfMonth}`
    : `${month}月${dayOfMonth}日`
}

function withThousands(amount: string): string {
  return amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')
}

/** The exact text of a leaf: ids, the answer, and salted commitments to what it was decided on. */
export type Leaf = {
  readonly leaf: string
  /** Salt, facts, intent and answer, a line each: JSON has no line breaks of its own. */
  readonly payload: string
  readonly rules: readonly string[]
}

/** Binds a decision to its facts, intent and answer without showing them (rulings 5). */
export function makeLeaf(
  decided: Pick<Decided, 'intent' | 'verdict'> & {
    readonly attempt: Pick<AttemptFacts, 'attemptId' | 'borrowerId' | 'caseId' | 'facts'>
  },
  given: { decisionId: string; policyHash: string; decidedAt: string; salt: string },
): Leaf {
  const { decisionId, policyHash, decidedAt, salt } = given
  const { attempt, intent, verdict } = decided
  const facts = JSON.stringify(attempt.facts)
  const asked = JSON.stringify(intent)
  const answer = JSON.stringify(verdict)
  const rules = ruleIds(verdict)
  const leaf = JSON.stringify({
    v: 1,
    decision: decisionId,
    attempt: attempt.attemptId,
    borrower: attempt.borrowerId,
    case: attempt.caseId,
    at: decidedAt,
    verdict: verdict.verdict,
    until: verdict.verdict === 'defer' ? formatInstant(verdict.until) : null,
    rules,
    policy: policyHash,
    facts: commitment(salt, 'facts', facts),
    intent: commitment(salt, 'intent', asked),
    answer: commitment(salt, 'answer', answer),
  })
  return { leaf, rules, payload: [salt, facts, asked, answer].join('\n') }
}

/** SHA-256 over salt, name and text: shows nothing without the salt, and fits nothing else. */
export function commitment(salt: string, name: string, text: string): string {
  return hash('sha256', `${salt}\n${name}\n${text}`, 'hex')
}
