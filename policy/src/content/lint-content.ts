import type { Policy } from '../compile.ts'
import { factsSchema } from '../facts.ts'
import type { Lexicons } from '../lexicons.ts'
import { normaliseWithMap } from '../normalise-text.ts'
import type { RuleOf } from '../pack.ts'
import { prepareFacts } from '../prepare.ts'
import type { CompiledRule } from '../rule-table.ts'
import { setScene } from '../scene.ts'
import type { Cite, Text } from '../verdict.ts'
import type { Channel, ContentKind, Purpose, Relation, Severity } from '../vocabulary.ts'
import { mendOf } from './mend.ts'

/** A text and what it is to be used for; what is not given is read as an ordinary message to the borrower. */
export type LintQuestion = {
  readonly text: string
  readonly language: 'zh-CN' | 'en'
  readonly channel: Channel
  readonly purpose?: Purpose
  readonly kind?: ContentKind
  readonly relation?: Relation
  /** An agency speaks, not the lender. */
  readonly agency?: string
  readonly identity?: 'verified' | 'unverified'
  /** Names that a Moment must not show. */
  readonly names?: readonly string[]
}

export type Finding = {
  readonly rule: string
  readonly severity: Severity
  /** False for advice, and for a hit across words that the gate itself would still refuse. */
  readonly blocks: boolean
  /** The word list or list of phrases; null for a rule on the form of a message. */
  readonly lexicon: string | null
  /** UTF-16 units of the text as given; empty, at its end, for a part that is missing. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly title: Text
  readonly cite: Cite
  /** What to do about it. */
  readonly mend: Text
  /** The characters belong to several words: a reader would not see the phrase. */
  readonly isAcrossWords: boolean
}

export type LintOptions = {
  /** Words of a Chinese text in order; their letters together are the text. */
  readonly segment?: (text: string) => readonly string[]
}

type Place = {
  readonly lexicon: string | null
  readonly start: number
  readonly end: number
  readonly isAcrossWords?: boolean
}

/**
 * Everything that the content rules of a policy have against a text, each with its place. Whatever the
 * gate would refuse for its words is found here; segmentation lowers hits of further phrases across words
 * to advice and never touches a word list of the packs.
 */
export function lintContent(
  policy: Policy,
  question: LintQuestion,
  { segment }: LintOptions = {},
): Finding[] {
  const scene = sceneOf(question)
  const broken = policy
    .rulesConsidered(scene)
    .filter((compiled) => compiled.rule.kind === 'content')
    .filter((compiled) => compiled.applies(scene) && compiled.isViolated(scene))
  const findings = broken.flatMap((compiled) =>
    placesOf(compiled, question, { lexicons: policy.lexicons, segment }).map((place) =>
      toFinding(compiled, place, question.text),
    ),
  )
  return withoutEchoes(findings).sort((one, other) => one.start - other.start)
}

/** A noon at which no dated rule of the content is young or old: words do not depend on the hour. */
const NOON = '2026-11-25T04:00:00Z'

function sceneOf(question: LintQuestion) {
  const { text, language, channel, kind, agency, identity } = question
  const names = (question.names ?? []).map((name, nth) => ({
    id: `n${nth}`,
    relation: 'other',
    name,
  }))
  const facts = factsSchema.parse({
    borrower: { country: 'CN', zones: ['Asia/Shanghai'] },
    parties: [{ id: 'p', relation: question.relation ?? 'borrower' }, ...names],
    points: [{ id: 'c', party: 'p', kind: 'phone' }],
    debts: [{ id: 'd' }],
  })
  const set = setScene(prepareFacts(facts), {
    at: NOON,
    channel,
    purpose: question.purpose ?? 'collect',
    party: 'p',
    point: 'c',
    content: { text, language, ...(kind === undefined ? {} : { kind }) },
    ...(agency === undefined ? {} : { actor: { kind: 'agent', agency, listed: true } }),
    ...(identity === undefined ? {} : { identity }),
  })
  if ('missing' in set) throw new Error(`content lint: ${set.missing}`)
  return set.scene
}

type Reader = { readonly lexicons: Lexicons; readonly segment: LintOptions['segment'] }

function placesOf(
  { rule }: CompiledRule,
  question: LintQuestion,
  { lexicons, segment }: Reader,
): Place[] {
  if (rule.kind !== 'content') return []
  const { condition } = rule
  const { text } = question
  if ('lacksPhrases' in condition)
    return phrasePlaces(condition.lacksPhrases, text, { lexicons, segment })
  if ('lacks' in condition) return listPlaces(condition, question, lexicons)
  const atEnd = { start: text.length, end: text.length }
  if ('contains' in condition) return [{ lexicon: condition.contains[0] ?? null, ...atEnd }]
  if ('first' in condition) return [{ lexicon: condition.first[0] ?? null, ...atEnd }]
  return [{ lexicon: null, start: 0, end: text.length }]
}

function listPlaces(
  condition: Extract<RuleOf<'content'>['condition'], { lacks: unknown }>,
  { text, language, identity, names = [] }: LintQuestion,
  lexicons: Lexicons,
): Place[] {
  const unverified = identity === 'unverified' ? (condition.unverified ?? []) : []
  const read = condition.normalise === true ? normaliseWithMap(text) : null
  const found = [...condition.lacks, ...unverified].flatMap((name) =>
    lexicons.spans(name, read?.text ?? text, language).map(({ lexicon, start, end }) => ({
      lexicon,
      start: read === null ? start : (read.starts[start] ?? text.length),
      end: read === null ? end : (read.ends[end - 1] ?? text.length),
    })),
  )
  if (condition.partyNames !== true) return found.slice(0, PLACES_MAX)
  return [...found.slice(0, PLACES_MAX), ...names.flatMap((name) => namePlaces(name, text))]
}

function namePlaces(name: string, text: string): Place[] {
  const start = name === '' ? -1 : text.indexOf(name)
  return start < 0 ? [] : [{ lexicon: 'person', start, end: start + name.length }]
}

function phrasePlaces(
  lists: readonly string[],
  text: string,
  { lexicons, segment }: Reader,
): Place[] {
  const hits = lexicons.phrases
    .hits(text)
    .filter(({ list }) => lists.includes(list))
    .slice(0, PLACES_MAX)
  const [first] = hits
  const edges =
    first === undefined || segment === undefined ? null : wordEdges(segment(first.folded.text))
  const places = hits.map(({ list, start, end, folded }) => ({
    lexicon: list,
    start,
    end,
    isAcrossWords:
      edges !== null &&
      HAN_ONLY.test(folded.text.slice(folded.start, folded.end)) &&
      isAcross(edges, folded),
  }))
  return places.filter((place) => !isInside(place, places))
}

/** A phrase that begins within a word is none; one of two characters must end with a word too. */
function isAcross(
  edges: ReadonlySet<number>,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  return !edges.has(start) || (end - start <= 2 && !edges.has(end))
}

/** Places that one rule tells of a text; a text with more is no message. */
const PLACES_MAX = 200

const HAN_ONLY = /^\p{Script=Han}+$/u

function wordEdges(words: readonly string[]): ReadonlySet<number> {
  const edges = new Set([0])
  let at = 0
  for (const word of words) {
    at += word.length
    edges.add(at)
  }
  return edges
}

/** Of readings of one place by one list the widest is told, and each place once. */
function isInside(place: Place, places: readonly Place[]): boolean {
  return places.some(
    (other) =>
      other !== place &&
      other.lexicon === place.lexicon &&
      other.isAcrossWords !== true &&
      other.start <= place.start &&
      place.end <= other.end &&
      (other.end - other.start > place.end - place.start ||
        places.indexOf(other) < places.indexOf(place)),
  )
}

function toFinding({ rule, reason }: CompiledRule, place: Place, text: string): Finding {
  const { lexicon, start, end, isAcrossWords = false } = place
  const quoted = text.slice(start, end)
  const severity = isAcrossWords ? 'advise' : rule.severity
  return {
    rule: rule.id,
    severity,
    blocks: severity !== 'advise',
    lexicon,
    start,
    end,
    text: quoted,
    title: reason.title,
    cite: reason.cite,
    mend: mendOf({ lexicon, quoted, title: reason.title }),
    isAcrossWords,
  }
}

/** What a word list finds in the text as it stands is not told again by the rule on disguise. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, nth) =>
      !findings.some(
        (other, at) =>
          at < nth &&
          other.lexicon === finding.lexicon &&
          other.start === finding.start &&
          other.end === finding.end &&
          other.text === finding.text,
      ),
  )
}
