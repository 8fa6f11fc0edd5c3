import type { MappedText } from '../normalise-text.ts'
import type { Pack } from '../pack.ts'
import { foldedTextOf, foldText, foldWord } from './fold-text.ts'
import { gapBefore, type List, type Part, type Phrase, phrasesOf } from './phrase-lines.ts'
import { rememberLast } from './remember-last.ts'
import { EVERY_LIST, LISTS_MAX, type Listed, screen } from './screen.ts'

// Lists of phrases: words and sayings without regular expressions, so that a text of any length is read in
// time proportional to it, all lists in one pass.

const SENTENCE_ENDS = '。！？!?；;\n'
const CLAUSE_ENDS = `${SENTENCE_ENDS}，,`
const SENTENCE_END = new RegExp(`[${SENTENCE_ENDS}]`)
/** An apostrophe joins: the end of “we’ll” is no word. */
const JOINED = /[a-z0-9'’]/

export type PhraseHit = {
  readonly list: string
  /** Place in the text as given. */
  readonly start: number
  readonly end: number
  /** Place in the folded text, and the folded text itself: what a segmenter reads. */
  readonly folded: { readonly text: string; readonly start: number; readonly end: number }
}

export type Phrases = {
  readonly has: (list: string) => boolean
  /** Does any phrase of the list stand in the text? */
  readonly matcher: (list: string) => (text: string) => boolean
  readonly hits: (text: string) => readonly PhraseHit[]
}

/** The phrases of every pack as one index; a list that two packs define differently is refused. */
export function compilePhrases(packs: readonly Pack[]): Phrases {
  const lists = new Map<string, List>()
  for (const [name, list] of packs.flatMap((pack) => Object.entries(pack.phrases))) {
    if (JSON.stringify(lists.get(name) ?? list) !== JSON.stringify(list))
      throw new Error(`phrases ${name} differ from those already loaded`)
    lists.set(name, list)
  }
  if (lists.size > LISTS_MAX) throw new Error(`more than ${LISTS_MAX} lists of phrases`)
  const bits = new Map([...lists.keys()].map((name, place) => [name, 1 << place]))
  const bitOf = (list: string) => bits.get(list) ?? 0
  const phrases = [...lists].flatMap(([name, list]) =>
    phrasesOf(name, list).map((phrase) => ({ ...phrase, bit: bitOf(name) })),
  )
  const excuses = new Map([...lists].map(([name, list]) => [name, excusesOf(list)]))
  const index = lazily(() => indexOf(phrases))
  const look = lazily(() => screen(phrases))
  const mayHold = rememberLast((text) => (phrases.length === 0 ? 0 : look()(text)))
  // Latin letters may spell anything: such a text is first looked at without the places of its units.
  const standing = rememberLast((text) => {
    const held = mayHold(text)
    return held === EVERY_LIST ? listsIn(index(), foldedTextOf(text)) : held
  })
  const found = rememberLast((text) =>
    findHits({ given: text, folded: foldText(text) }, { index: index(), excuses }, standing(text)),
  )
  return {
    has: (list) => lists.has(list),
    matcher: (list) => {
      const bit = bitOf(list)
      return (text) => (standing(text) & bit) !== 0 && found(text).some((hit) => hit.list === list)
    },
    hits: (text) => (standing(text) === 0 ? NO_HITS : found(text)),
  }
}

const NO_HITS: readonly PhraseHit[] = []

/** Made when a text first needs it: most processes read no text in most packs. */
function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Phrases by two characters of their first part that stand side by side, or by its only one. */
type Index = {
  readonly isKey: Uint8Array
  readonly byPair: ReadonlyMap<number, readonly Listed[]>
  readonly bySingle: ReadonlyMap<number, readonly Listed[]>
}

function indexOf(phrases: readonly Listed[]): Index {
  const isKey = new Uint8Array(65_536)
  const key = ({ first, pivot }: Phrase) => pairAt(first, pivot)
  for (const { first, pivot } of phrases) isKey[first.charCodeAt(pivot)] = 1
  const isSingle = ({ first }: Phrase) => first.length === 1
  return {
    isKey,
    byPair: Map.groupBy(
      phrases.filter((phrase) => !isSingle(phrase)),
      key,
    ),
    bySingle: Map.groupBy(phrases.filter(isSingle), ({ first }) => first.charCodeAt(0)),
  }
}

/** Two code units as one number; nothing follows the last. */
function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + (at + 1 < text.length ? text.charCodeAt(at + 1) : 0)
}

/** Calls with each phrase of the lists asked for, a bit each, whose characters stand at a place. */
function visit(
  { isKey, byPair, bySingle }: Index,
  { text, lists }: { readonly text: string; readonly lists: number },
  call: (phrase: Listed, start: number) => void,
): void {
  const callAll = (phrases: readonly Listed[], at: number) => {
    for (const phrase of phrases) if ((phrase.bit & lists) !== 0) call(phrase, at - phrase.pivot)
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isKey[code] === 0) continue
    callAll(byPair.get(pairAt(text, at)) ?? NO_PHRASES, at)
    callAll(bySingle.get(code) ?? NO_PHRASES, at)
  }
}

const NO_PHRASES: readonly Listed[] = []

/** The lists of which a phrase may stand in a folded text, a bit each, sentences and excuses left aside. */
function listsIn(index: Index, text: string): number {
  const reading = { folded: { text, starts: [], ends: [] }, given: '' }
  let found = 0
  visit(index, { text, lists: EVERY_LIST }, (phrase, start) => {
    if ((phrase.bit & found) === 0 && placeOf(phrase, start, reading) !== null) found |= phrase.bit
  })
  return found
}

function findHits(
  reading: Reading,
  { index, excuses }: { readonly index: Index; readonly excuses: ReadonlyMap<string, Excuses> },
  lists: number,
): PhraseHit[] {
  const { folded, given } = reading
  const found: PhraseHit[] = []
  visit(index, { text: folded.text, lists }, (phrase, at) => {
    const place = placeOf(phrase, at, reading)
    if (place === null) return
    const start = folded.starts[place.start] ?? 0
    const end = folded.ends[place.end - 1] ?? given.length
    if (!isExcused(given, { start, end }, excuses.get(phrase.list)))
      found.push({ list: phrase.list, start, end, folded: { text: folded.text, ...place } })
  })
  return found
}

type Reading = { readonly folded: MappedText; readonly given: string }

/** Where a phrase stands when its first part begins at `start`; null when it does not. */
function placeOf(
  { first, rest }: Phrase,
  start: number,
  reading: Reading,
): { start: number; end: number } | null {
  const { text } = reading.folded
  if (start < 0 || !text.startsWith(first, start) || !isWhole(text, start, first)) return null
  let end = start + first.length
  for (const part of rest) {
    const next = nearest(part, end, reading)
    if (next === null) return null
    end = next
  }
  return { start, end }
}

/** The end of the reading that follows soonest within the gap and the sentence; null for none. */
function nearest(
  { byFirst, gapMax }: Part,
  from: number,
  { folded, given }: Reading,
): number | null {
  const until = Math.min(from + gapMax, folded.text.length - 1)
  for (let at = from; at <= until; at += 1) {
    const choices = byFirst.get(folded.text.charCodeAt(at)) ?? NO_CHOICES
    const found = choices.find(
      (choice) => at <= from + gapBefore(choice) && standsAt(folded.text, at, choice),
    )
    if (found === undefined) continue
    // A sentence that ends in between ends it for every later place as well.
    if (SENTENCE_END.test(given.slice(folded.ends[from - 1], folded.starts[at]))) return null
    return at + found.length
  }
  return null
}

const NO_CHOICES: readonly string[] = []

function standsAt(text: string, at: number, part: string): boolean {
  return text.startsWith(part, at) && isWhole(text, at, part)
}

/** A Latin part begins and ends with a word. */
function isWhole(text: string, from: number, part: string): boolean {
  const last = part.length - 1
  const begins = !isLatin(part.charCodeAt(0)) || !JOINED.test(text.charAt(from - 1))
  if (!begins) return false
  return !isLatin(part.charCodeAt(last)) || !JOINED.test(text.charAt(from + part.length))
}

/** A small letter or a digit: asked of every part that may stand, so without an expression. */
function isLatin(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
}

/** The farthest that an excuse is looked for before and after a phrase. */
const EXCUSE_REACH = 80

type Excuses = {
  readonly inSentence: readonly string[]
  readonly inClause: readonly string[]
  readonly afterwards: readonly string[]
}

function excusesOf({ unless, unlessNear, unlessAfter }: List): Excuses {
  return {
    inSentence: unless.map(foldWord),
    inClause: unlessNear.map(foldWord),
    afterwards: unlessAfter.map(foldWord),
  }
}

/** A warning before the phrase or a judgement after it in its sentence, or a denial in its clause, excuses it. */
function isExcused(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  excuses: Excuses | undefined,
): boolean {
  if (excuses === undefined) return false
  const { inSentence, inClause, afterwards } = excuses
  const phrase = foldWord(text.slice(start, end))
  const before = foldWord(text.slice(Math.max(0, start - EXCUSE_REACH), start))
  if (isNear(inSentence, () => afterLast(before, SENTENCE_ENDS) + phrase)) return true
  if (isNear(inClause, () => afterLast(before, CLAUSE_ENDS) + phrase)) return true
  return isNear(afterwards, () =>
    foldWord(text.slice(end, end + EXCUSE_REACH).split(SENTENCE_END)[0] ?? ''),
  )
}

function isNear(excuses: readonly string[], read: () => string): boolean {
  if (excuses.length === 0) return false
  const words = read()
  return excuses.some((excuse) => words.includes(excuse))
}

/** What stands behind the last of the characters. */
function afterLast(text: string, characters: string): string {
  let from = text.length
  while (from > 0 && !characters.includes(text.charAt(from - 1))) from -= 1
  return text.slice(from)
}
