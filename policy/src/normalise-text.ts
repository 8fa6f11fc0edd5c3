/** Traditional and look-alike characters seen in evasions of the word lists, to the plain form. */
export const PLAIN_FORMS: Readonly<Record<string, string>> = {
  後: '后',
  負: '负',
  責: '责',
  賴: '赖',
  騙: '骗',
  無: '无',
  恥: '耻',
  廢: '废',
  債: '债',
  錢: '钱',
  還: '还',
  貸: '贷',
  賬: '账',
  帳: '账',
  單: '单',
  庫: '库',
  獄: '狱',
  監: '监',
  傳: '传',
  訴: '诉',
  訟: '讼',
  執: '执',
  員: '员',
  機: '机',
  關: '关',
  處: '处',
  凍: '冻',
  結: '结',
  戶: '户',
  產: '产',
  銀: '银',
  對: '对',
  讓: '让',
  臉: '脸',
  親: '亲',
  會: '会',
  過: '过',
  電: '电',
  話: '话',
  訊: '讯',
  錄: '录',
  開: '开',
  聯: '联',
  係: '系',
  繫: '系',
  發: '发',
  貼: '贴',
  網: '网',
  殺: '杀',
  門: '门',
  們: '们',
  來: '来',
  給: '给',
  領: '领',
  導: '导',
  東: '东',
  賤: '贱',
  滾: '滚',
  爛: '烂',
  豬: '猪',
  閉: '闭',
  騷: '骚',
  擾: '扰',
  強: '强',
  檢: '检',
  檔: '档',
  書: '书',
  號: '号',
  証: '证',
  證: '证',
  學: '学',
  業: '业',
  務: '务',
  經: '经',
  偵: '侦',
  別: '别',
  轉: '转',
  進: '进',
  壞: '坏',
  筆: '笔',
  週: '周',
  這: '这',
  裏: '里',
  裡: '里',
  説: '说',
  說: '说',
  見: '见',
  車: '车',
  賣: '卖',
  買: '买',
  個: '个',
  終: '终',
  聽: '听',
  誰: '谁',
  麼: '么',
  總: '总',
  際: '际',
  險: '险',
  點: '点',
  餘: '余',
  紅: '红',
  鬧: '闹',
  騰: '腾',
  報: '报',
  張: '张',
  輯: '辑',
  臺: '台',
  罰: '罚',
  鎖: '锁',
  護: '护',
  貪: '贪',
  條: '条',
  罵: '骂',
  爺: '爷',
  媽: '妈',
  嗎: '吗',
  様: '样',
  樣: '样',
  対: '对',
  籟: '籁',
  灋: '法',
}
const HAN = /\p{Script=Han}/u
const SEPARATOR = /[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]/u
/** May the character be dropped between two Han characters? */
export function isSeparator(character: string): boolean {
  return SEPARATOR.test(character)
}
const SEPARATORS = /(?<=\p{Script=Han})[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]+(?=\p{Script=Han})/gu
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g
const MARK_OR_SURROGATE = /[\p{M}\p{Cs}]/u

/**
 * Undoes simple evasion before the word lists are asked: compatibility forms, invisible characters,
 * traditional characters, and separators set between Han characters.
 */
export function normaliseText(text: string): string {
  return dropSeparators(text) ?? rewrite(text)
}

function rewrite(text: string): string {
  return plainOf(text).replace(SEPARATORS, '')
}

function plainOf(text: string): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '')
  return Array.from(visible, (character) => PLAIN_FORMS[character] ?? character).join('')
}

/** A text written anew; each of its code units knows from where to where it stood in the text as given. */
export type MappedText = {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** A character with what may join it under NFKC: marks, Hangul letters, half-width voice marks. */
const CLUSTER = /[\s\S][\p{M}\u1160-\u11ff\uff9e-\uffdc]*/gu

/** What `normaliseText` gives, with the place of every unit. */
export function normaliseWithMap(text: string): MappedText {
  const usual = dropSeparators(text)
  if (usual !== null) return mapUsual(text, usual)
  let [written, starts, ends]: [string, number[], number[]] = ['', [], []]
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const plain = plainOf(cluster)
    written += plain
    for (let unit = 0; unit < plain.length; unit += 1) {
      starts.push(index)
      ends.push(index + cluster.length)
    }
  }
  if (written !== plainOf(text)) {
    // A composition across clusters that nobody foresaw: every unit stands for the whole.
    written = plainOf(text)
    starts = Array.from(written, () => 0).concat(new Array(written.length).fill(0))
    ends = starts.map(() => text.length)
  }
  const dropped = new Set<number>()
  for (const { 0: match, index } of written.matchAll(SEPARATORS))
    for (let unit = 0; unit < match.length; unit += 1) dropped.add(index + unit)
  const isKept = (_: unknown, unit: number) => !dropped.has(unit)
  return {
    text: written.replace(SEPARATORS, ''),
    starts: starts.slice(0, written.length).filter(isKept),
    ends: ends.slice(0, written.length).filter(isKept),
  }
}

/** The usual text keeps every unit but the separators between Han characters. */
function mapUsual(text: string, usual: string): MappedText {
  const starts: number[] = []
  let separatorsFrom = -1
  let isAfterHan = false
  for (let index = 0; index < text.length; index += 1) {
    const kind = kindOf(text.charCodeAt(index))
    if (kind === SEPARATOR_PLAIN) {
      if (isAfterHan && separatorsFrom < 0) separatorsFrom = starts.length
    } else {
      isAfterHan = kind === HAN_PLAIN
      if (isAfterHan && separatorsFrom >= 0) starts.length = separatorsFrom
      separatorsFrom = -1
    }
    starts.push(index)
  }
  return { text: usual, starts, ends: starts.map((start) => start + 1) }
}

const [UNREAD, OTHER, HAN_PLAIN, SEPARATOR_PLAIN, TO_REWRITE] = [0, 1, 2, 3, 4]
/** What is known of each code unit: one of the five above. */
const kinds = new Uint8Array(65_536)

/** The usual text in one pass over its code units; null when a character in it is written anew. */
function dropSeparators(text: string): string | null {
  let plain = ''
  let keptFrom = 0
  let separatorsFrom = -1
  let isAfterHan = false
  for (let index = 0; index < text.length; index += 1) {
    const kind = kindOf(text.charCodeAt(index))
    if (kind === TO_REWRITE) return null
    if (kind === SEPARATOR_PLAIN) {
      if (isAfterHan && separatorsFrom < 0) separatorsFrom = index
      continue
    }
    isAfterHan = kind === HAN_PLAIN
    if (isAfterHan && separatorsFrom >= 0) {
      plain += text.slice(keptFrom, separatorsFrom)
      keptFrom = index
    }
    separatorsFrom = -1
  }
  return plain + text.slice(keptFrom)
}

function kindOf(code: number): number {
  const known = kinds[code] ?? UNREAD
  if (known !== UNREAD) return known
  const kind = readKind(String.fromCharCode(code))
  kinds[code] = kind
  return kind
}

/** A separator may keep its wide form: no word list asks for it. */
function readKind(character: string): number {
  if (character.search(INVISIBLE) >= 0 || MARK_OR_SURROGATE.test(character)) return TO_REWRITE
  if (SEPARATOR.test(character)) return SEPARATOR_PLAIN
  if (character.normalize('NFKC') !== character || PLAIN_FORMS[character] !== undefined)
    return TO_REWRITE
  return HAN.test(character) ? HAN_PLAIN : OTHER
}
