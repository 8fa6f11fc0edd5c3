import { formatInstant, type Instant } from '@dunlin/kernel'
import { type Explanation, explain, type Intent, type Verdict } from '@dunlin/policy'
import { type Database, rolledBack, type Tx } from '../platform/db/index.ts'
import {
  type CasePoint,
  ensureContactMonths,
  insertAsked,
  listCasePoints,
  listLastTemplates,
} from './ask-store.ts'
import type { Gate } from './dispatch-batch.ts'
import { judgeQuestions, poseQuestions, type Question } from './judge-question.ts'
import { gateInForce } from './templates/index.ts'

export type Permission = {
  readonly channel: Intent['channel']
  readonly contactPointId: string
  readonly masked: string
  readonly relation: string
  /** What would be sent; null on a channel without one. */
  readonly template: string | null
  readonly verdict: Verdict
}

export type PreviewOptions = {
  readonly caseId: string
  readonly at: Instant
  /** Channels with an account that may carry collection content. */
  readonly carriers: ReadonlySet<string>
}

const CHANNELS_OF: Readonly<Record<string, readonly Intent['channel'][]>> = {
  phone: ['call', 'robot-call', 'sms'],
  email: ['email'],
  wecom: ['wecom'],
  address: ['letter', 'visit'],
  push: ['push'],
}

/**
 * What the gate would say at an instant to every channel and contact point of a case. The questions are put as
 * planned attempts that are never committed, so that they are read exactly as dispatch reads its own.
 */
export async function previewContacts(
  db: Database,
  gate: Gate,
  options: PreviewOptions,
): Promise<Permission[]> {
  return rolledBack(db, async (tx) => {
    const asked = await planQuestions(tx, gate, options)
    const questions = asked.map(({ question }) => question)
    const verdicts = await judgeQuestions(tx, gate, { questions, at: options.at })
    return asked.flatMap(({ point, template, question }, index) => {
      const verdict = verdicts[index] ?? null
      if (verdict === null) return []
      const { contactPointId, masked, relation } = point
      return [{ channel: question.channel, contactPointId, masked, relation, template, verdict }]
    })
  })
}

/** The same for one of them, told in full. Null where it is not asked about, or its packs are unknown. */
export async function explainContact(
  db: Database,
  gate: Gate,
  options: PreviewOptions & Pick<Permission, 'channel' | 'contactPointId'>,
): Promise<Explanation | null> {
  const { explanation } = await rolledBack(db, async (tx) => {
    const questions = (await planQuestions(tx, gate, options))
      .filter(({ point }) => point.contactPointId === options.contactPointId)
      .map(({ question }) => question)
      .filter(({ channel }) => channel === options.channel)
    const [posed = null] = await poseQuestions(tx, gate, { questions, at: options.at })
    if (posed === null || posed.policy === null) return { explanation: null }
    return { explanation: explain(posed.policy, posed.facts, posed.intent) }
  })
  return explanation
}

type Asked = {
  readonly point: CasePoint
  readonly template: string | null
  readonly question: Question
}

async function planQuestions(
  tx: Tx,
  given: Gate,
  { caseId, at, carriers }: PreviewOptions,
): Promise<Asked[]> {
  const gate = await gateInForce(tx, given)
  const points = await listCasePoints(tx, caseId)
  const [first] = points
  if (first === undefined) return []
  await ensureContactMonths(tx, formatInstant(at))
  const last = await listLastTemplates(tx, { ...first, caseId })
  const asked: Asked[] = []
  for (const point of points) {
    for (const channel of CHANNELS_OF[point.kind] ?? []) {
      const template = templateFor(gate, { channel, packs: point.packs, last })
      const planned = {
        ...point,
        caseId,
        channel,
        purpose: 'collect',
        // The facts want a name; a channel without templates never looks it up.
        template: template ?? 'none',
        step: 'question',
        at: formatInstant(at),
        reply: null,
      }
      const attempt = await insertAsked(tx, planned)
      const { partyId } = point
      const question = { attempt, channel, partyId, collectionContent: carriers.has(channel) }
      asked.push({ point, template, question })
    }
  }
  return asked
}

/** What the case was last planned with on a channel, else the first template of its packs' country. */
function templateFor(
  gate: Gate,
  given: { channel: string; packs: readonly string[]; last: ReadonlyMap<string, string> },
): string | null {
  const { channel, packs, last } = given
  const before = last.get(channel)
  if (before !== undefined && gate.templates.has(before)) return before
  const known = [...gate.templates.values()].filter((template) => template.channel === channel)
  const own = known.find(({ id }) => packs.some((pack) => id.startsWith(`${pack}-s1-`)))
  return (
    (own ?? known.find(({ id }) => packs.some((pack) => id.startsWith(`${pack}-`))))?.id ?? null
  )
}
