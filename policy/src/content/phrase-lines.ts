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
  /** Characters of which one stands wherever the phrase does; none for Latin letters. */
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

/** The rarest part's characters. */
function signsOf(parts: readonly (readonly string[])[]): string[] {
  const signs = parts.map((choices) => choices.map(rarest))
  const best = signs.find((some) => !some.some((sign) => isEveryday(sign) || LATIN.test(sign)))
  return (best ?? signs[0] ?? []).filter((sign) => !LATIN.test(sign))
}

function rarest(part: string): string {
  const foreign = [...part].filter((character) => !LATIN.test(character))
  return foreign.find((character) => !isEveryday(character)) ?? foreign[0] ?? part.charAt(0)
}

const EVERYDAY_SIGNS = new Set(EVERYDAY)
function isEveryday(character: string): boolean {
  return EVERYDAY_SIGNS.has(character)
}
