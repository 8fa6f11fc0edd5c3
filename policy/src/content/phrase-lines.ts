import { isSeparator } from '../normalise-text.ts'
import type { Pack } from '../pack.ts'
import { foldWord } from './fold-text.ts'

// A line of a list of phrases as it is looked for: `…` stands for at most a few characters within a
// sentence, `(a|b)` for one of several.

/** Characters that `…` may stand for. */
const GAP_MAX = 8
/** A Latin word is longer than a Chinese one. */
const LATIN_GAP_MAX = 24
/** Readings that one part of a phrase may have. */
const READINGS_MAX = 400
const LATIN = /[a-z0-9]/
/** Characters of everyday lawful messages: poor signs that a phrase may begin. */
const EVERYDAY =
  '示例消费金融公司银行您你我他的了有在请于前月日今明天已还款应付元本期账单客服热线电话投诉拒收回复退订到逾处理如不及时为和与或联系说就要会去再来把让给个这那是一上下没能帮助协商方案申请登记感谢提醒尊敬额内入口办理疑问致见官网户可应用通过免费手机号码短微信服务中心时间工作天逾关注详情查看失效否则出起留'

export type List = Pack['phrases'][string]

/** What may follow after a gap: its readings by their first code unit, and how long the gap may be at most. */
export type Part = {
  readonly byFirst: ReadonlyMap<number, readonly string[]>
  readonly gapMax: number
}

/** One reading of the first part, found by its pivot, and the parts after it. */
export type Phrase = {
  readonly list: string
  readonly first: string
  readonly pivot: number
  readonly rest: readonly Part[]
  /** Of these, one or two characters long, one stands wherever the phrase does; none for three Latin letters or more. */
  readonly signs: readonly string[]
}

export function phrasesOf(list: string, { 'zh-CN': chinese, en, pinyin }: List): Phrase[] {
  const lines = new Set([...chinese, ...en, ...pinyin.flatMap(spellings)])
  return [...lines].flatMap((line) => {
    const [firsts = [], ...others] = line.split('…').map(expand)
    if ([firsts, ...others].flat().includes(''))
      throw new Error(`phrases ${list}: empty part: ${line}`)
    const rest = others.map(toPart)
    return firsts.map((first) => {
      return { list, first, rest, pivot: pivotOf(first), signs: signsOf([[first], ...others]) }
    })
  })
}

/** The longest gap that a reading allows before it. */
export function gapBefore(reading: string): number {
  return LATIN.test(reading.charAt(0)) ? LATIN_GAP_MAX : GAP_MAX
}

/** Syllables together and apart; with characters beside them, every mixture but the characters alone. */
function spellings(line: string): string[] {
  const [characters = '', spelt] = line.split('=')
  if (spelt === undefined) return [line, line.replaceAll(' ', '')]
  const syllables = spelt.split(' ')
  if (syllables.length !== characters.length) throw new Error(`phrase ${line}: syllables differ`)
  let mixtures = ['']
  for (const [at, syllable] of syllables.entries())
    mixtures = mixtures.flatMap((mixture) => [mixture + syllable, mixture + characters.charAt(at)])
  return [spelt, ...mixtures.filter((mixture) => mixture !== characters)]
}

function toPart(choices: readonly string[]): Part {
  return {
    byFirst: Map.groupBy(choices, (choice) => choice.charCodeAt(0)),
    gapMax: Math.max(...choices.map(gapBefore)),
  }
}

/** Where a part is looked up: at its rarest character, or before it when nothing follows that. */
function pivotOf(first: string): number {
  if (LATIN.test(first.charAt(0))) return 0
  const rare = Math.max(Array.from(first, isEveryday).indexOf(false), 0)
  return Math.min(rare, Math.max(first.length - 2, 0))
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

/** A sign for every reading of the part whose signs are seldom seen in lawful messages. */
function signsOf(parts: readonly (readonly string[])[]): string[] {
  const signed = parts.map((choices) => choices.map(rarest))
  const worth = (signs: readonly string[]) => Math.min(...signs.map(rarity))
  const most = Math.max(...signed.map(worth))
  return (signed.find((signs) => worth(signs) === most) ?? []).filter(isSign)
}

/** Two characters side by side, at least one of them Han; where there are none, one character. */
function rarest(reading: string): string {
  if (reading.length === 2 && isAllLatin(reading)) return reading
  const singles = [...reading].filter((sign) => !isAllLatin(sign))
  const pairs = Array.from({ length: reading.length - 1 }, (_, at) => reading.slice(at, at + 2))
  const signs = [...pairs.filter(isPair), ...singles]
  const most = Math.max(...signs.map(rarity))
  return signs.find((sign) => rarity(sign) === most) ?? reading.charAt(0)
}

/** A Latin letter alone is none: three of them in a text make every phrase possible. */
function isSign(sign: string): boolean {
  return sign.length === 2 || !isAllLatin(sign)
}

function isPair(pair: string): boolean {
  return !isAllLatin(pair) && ![...pair].some(isSeparator)
}

/**
 * How seldom a sign is seen: everyday characters are seen in every message, and beside each other in many. Of
 * two characters the second is looked for first.
 */
function rarity(sign: string): number {
  const [isFirstEveryday, isLastEveryday] = [sign.charAt(0), sign.slice(-1)].map(isEveryday)
  if (sign.length === 1) return isLastEveryday ? 0 : 2
  if (isFirstEveryday && isLastEveryday) return 1
  return isLastEveryday ? 3 : 4
}

function isAllLatin(sign: string): boolean {
  return [...sign].every((character) => LATIN.test(character))
}

const EVERYDAY_SIGNS = new Set(EVERYDAY)
function isEveryday(character: string): boolean {
  return EVERYDAY_SIGNS.has(character)
}
