import { type MappedText, PLAIN_FORMS } from '../normalise-text.ts'
import type { Pack } from '../pack.ts'
import { foldedTextOf, foldText, foldWord } from './fold-text.ts'
import { rememberLast } from './remember-last.ts'

// Lists of phrases: words and sayings without regular expressions, so that a text of any length is read in
// time proportional to it. `…` stands for at most a few characters within a sentence, `(a|b)` for one of several.

/** Characters that `…` may stand for. */
const GAP_MAX = 8
/** Readings that one part of a phrase may have. */
const READINGS_MAX = 400
const SENTENCE_END = /[。！？!?；;\n]/
const LATIN = /[a-z0-9]/
/** An apostrophe joins: the end of “we’ll” is no word. */
const JOINED = /[a-z0-9'’]/
/** Characters of everyday lawful messages: poor signs that a phrase may begin. */
const EVERYDAY =
  '示例消费金融公司银行您你我他的了有在请于前月日今明天已还款应付元本期账单客服热线电话投诉拒收回复退订到逾处理如不及时为和与或联系说就要会去再来把让给个这那是一上下没能帮助协商方案申请登记感谢提醒尊敬额内入口办理疑问致见官网户可应用通过免费手机号码短微信服务中心时间工作天逾关注详情查看失效否则出起留'

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

/** One choice of the first part, found by its pivot, and the choices of each part after it. */
type Phrase = {
  readonly list: string
  readonly first: string
  readonly pivot: number
  readonly rest: readonly (readonly string[])[]
}
type List = Pack['phrases'][string]

/** The phrases of every pack as one index; a list that two packs define differently is refused. */
export function compilePhrases(packs: readonly Pack[]): Phrases {
  const lists = new Map<string, List>()
  for (const [name, list] of packs.flatMap((pack) => Object.entries(pack.phrases))) {
    if (JSON.stringify(lists.get(name) ?? list) !== JSON.stringify(list))
      throw new Error(`phrases ${name} differ from those already loaded`)
    lists.set(name, list)
  }
  const names = [...lists.keys()]
  if (names.length > LISTS_MAX) throw new Error(`more than ${LISTS_MAX} lists of phrases`)
  const byList = new Map([...lists].map(([name, list]) => [name, phrasesOf(name, list)]))
  const searches = new Map([...byList].map(([name, phrases]) => [name, lazily(phrases)]))
  const excuses = new Map([...lists].map(([name, { unless }]) => [name, unless.map(foldWord)]))
  let look: ((text: string) => number) | null = null
  const mayHold = rememberLast((text) => {
    look ??= screen(names, [...byList.values()].flat())
    return look(text)
  })
  const quick = rememberLast(foldedTextOf)
  const fold = rememberLast(foldText)
  const hitsOf = (list: string, text: string): readonly PhraseHit[] => {
    if ((mayHold(text) & (1 << names.indexOf(list))) === 0) return NO_HITS
    const index = searches.get(list)?.()
    if (index === undefined || !mayStand(index, quick(text))) return NO_HITS
    return findHits({ given: text, folded: fold(text) }, index, excuses.get(list) ?? [])
  }
  return {
    has: (list) => lists.has(list),
    matcher: (list) => (text) => hitsOf(list, text).length > 0,
    hits: (text) => names.flatMap((list) => hitsOf(list, text)),
  }
}

function phrasesOf(list: string, { 'zh-CN': chinese, en, pinyin }: List): Phrase[] {
  const spelt = pinyin.flatMap((word) => [word, word.replaceAll(' ', '')])
  return [...new Set([...chinese, ...en, ...spelt])].flatMap((line) => {
    const [firsts = [], ...rest] = line.split('…').map(expand)
    if ([firsts, ...rest].flat().includes(''))
      throw new Error(`phrases ${list}: empty part: ${line}`)
    return firsts.map((first) => {
      return { list, first, rest, pivot: pivotOf(first) }
    })
  })
}

/** Where a part is looked up: at its rarest character, or before it when nothing follows that. */
function pivotOf(first: string): number {
  if (LATIN.test(first.charAt(0))) return 0
  const rare = Math.max(Array.from(first, isEveryday).indexOf(false), 0)
  return Math.min(rare, Math.max(first.length - 2, 0))
}

const EVERYDAY_SIGNS = new Set(EVERYDAY)
function isEveryday(character: string): boolean {
  return EVERYDAY_SIGNS.has(character)
}

/** Every reading of a part, each as it stands in a folded text. */
function expand(part: string): string[] {
  let readings = ['']
  for (const { groups = {} } of part.matchAll(
    /(?<plain>[^()]+)|\((?<choices>[^()]*)\)|(?<odd>.)/gu,
  )) {
    if (groups.odd !== undefined) throw new Error(`phrase ${part}: a bracket too many`)
    const choices = groups.plain === undefined ? (groups.choices ?? '').split('|') : [groups.plain]
    readings = readings.flatMap((reading) => choices.map((choice) => reading + choice))
    if (readings.length > READINGS_MAX) throw new Error(`phrase ${part} has too many readings`)
  }
  return readings.map(foldWord)
}

/** One bit a list, and two more of a signed number. */
const LISTS_MAX = 29
const LETTER = 1 << LISTS_MAX
const EVERY_LIST = LETTER - 1
/** Fewer Latin letters than this in a text spell no phrase. */
const LETTERS_MIN = 3
/** Accented and foreign letters, radicals, enclosed and compatibility forms, surrogates: read in full. */
const READ_IN_FULL = [
  [0xaa, 0xb6],
  [0xb8, 0x1fff],
  [0x200b, 0x200f],
  [0x2060, 0x218f],
  [0x2460, 0x24ff],
  [0x2c60, 0x2fff],
  [0x3200, 0x33ff],
  [0xa640, 0xabff],
  [0xd800, 0xdfff],
  [0xf900, 0xfb4f],
  [0xff10, 0xff19],
  [0xff20, 0xff5a],
] as const
const LETTERS = [
  [0x41, 0x5a],
  [0x61, 0x7a],
] as const

/**
 * A quick look at each code unit: which lists may have a phrase in the text, a bit each. A list left out
 * has none; most messages have none at all and are read no further.
 */
function screen(names: readonly string[], phrases: readonly Phrase[]): (text: string) => number {
  const kinds = new Int32Array(65_536)
  for (const [from, to] of READ_IN_FULL) kinds.fill(EVERY_LIST, from, to + 1)
  for (const [from, to] of LETTERS) kinds.fill(LETTER, from, to + 1)
  const variants = Map.groupBy(Object.entries(PLAIN_FORMS), ([, plain]) => plain)
  for (const phrase of phrases) {
    const bit = 1 << names.indexOf(phrase.list)
    for (const sign of signsOf(phrase)) {
      const forms = [sign, ...(variants.get(sign) ?? []).map(([odd]) => odd)]
      for (const form of forms) kinds[form.charCodeAt(0)] = (kinds[form.charCodeAt(0)] ?? 0) | bit
    }
  }
  return (text) => {
    let [held, letters] = [0, 0]
    for (let index = 0; index < text.length; index += 1) {
      const kind = kinds[text.charCodeAt(index)] ?? EVERY_LIST
      held |= kind
      if (kind === LETTER) letters += 1
    }
    return letters >= LETTERS_MIN ? EVERY_LIST : held & EVERY_LIST
  }
}

/** Characters of which one stands wherever the phrase does: the rarest part's; none for Latin letters. */
function signsOf({ first, rest }: Phrase): string[] {
  const parts = [[first], ...rest].map((choices) => choices.map(rarest))
  const best = parts.find((signs) => !signs.some(isEveryday))
  return (best ?? parts[0] ?? []).filter((sign) => !LATIN.test(sign))
}

function rarest(part: string): string {
  return [...part].find((character) => !isEveryday(character)) ?? part.charAt(0)
}

const NO_HITS: readonly PhraseHit[] = []

/** Phrases by two characters of their first part that stand side by side, or by its only one. */
type Index = {
  readonly isKey: Uint8Array
  readonly byPair: ReadonlyMap<number, readonly Phrase[]>
  readonly bySingle: ReadonlyMap<number, readonly Phrase[]>
}

/** An index is made when a text first needs it: most processes read no text in most packs. */
function lazily(phrases: readonly Phrase[]): () => Index {
  let made: Index | null = null
  return () => {
    made ??= indexOf(phrases)
    return made
  }
}

function indexOf(phrases: readonly Phrase[]): Index {
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

/** Calls with each phrase whose characters stand at a place, until one call says that it is enough. */
function visit(
  { isKey, byPair, bySingle }: Index,
  text: string,
  isEnough: (phrase: Phrase, start: number) => boolean,
): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isKey[code] === 0) continue
    for (const phrases of [byPair.get(pairAt(text, at)), bySingle.get(code)])
      if (phrases?.some((phrase) => isEnough(phrase, at - phrase.pivot)) === true) return true
  }
  return false
}

/**
 * Whether any phrase may stand in a folded text, sentences and excuses left aside: most texts that pass the
 * screen hold none, and are spared the places of their units.
 */
function mayStand(index: Index, text: string): boolean {
  const reading = { folded: { text, starts: [], ends: [] }, given: '' }
  return visit(index, text, (phrase, start) => placeOf(phrase, start, reading) !== null)
}

function findHits(reading: Reading, index: Index, excuses: readonly string[]): PhraseHit[] {
  const { folded, given } = reading
  const found: PhraseHit[] = []
  visit(index, folded.text, (phrase, at) => {
    const place = placeOf(phrase, at, reading)
    if (place === null) return false
    const start = folded.starts[place.start] ?? 0
    const end = folded.ends[place.end - 1] ?? given.length
    if (!isExcused(given, { start, end }, excuses))
      found.push({ list: phrase.list, start, end, folded: { text: folded.text, ...place } })
    return false
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
  for (const choices of rest) {
    const next = nearest(choices, end, reading)
    if (next === null) return null
    end = next
  }
  return { start, end }
}

/** The end of the choice that follows soonest within the gap and the sentence; null for none. */
function nearest(
  choices: readonly string[],
  from: number,
  { folded, given }: Reading,
): number | null {
  for (let at = from; at <= from + GAP_MAX * LATIN_WIDTH && at < folded.text.length; at += 1) {
    for (const choice of choices) {
      if (at > from + GAP_MAX * gapWidth(choice) || !folded.text.startsWith(choice, at)) continue
      const between = given.slice(folded.ends[from - 1], folded.starts[at])
      if (isWhole(folded.text, at, choice) && !SENTENCE_END.test(between)) return at + choice.length
    }
  }
  return null
}

/** A Latin word is longer than a Chinese one. */
const LATIN_WIDTH = 3
function gapWidth(part: string): number {
  return isLatin(part.charCodeAt(0)) ? LATIN_WIDTH : 1
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

/** The farthest that an excuse is looked for before a phrase. */
const EXCUSE_REACH = 80

/** A warning or a denial before the phrase, in its sentence, excuses it. */
function isExcused(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  excuses: readonly string[],
): boolean {
  if (excuses.length === 0) return false
  const before = text.slice(Math.max(0, start - EXCUSE_REACH), start)
  const sentence = before.split(SENTENCE_END).at(-1) ?? ''
  const read = foldWord(sentence + text.slice(start, end))
  return excuses.some((excuse) => read.includes(excuse))
}
