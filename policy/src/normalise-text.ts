/** Traditional and look-alike characters seen in evasions of the word lists, to the plain form. */
const PLAIN: Readonly<Record<string, string>> = {
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
}
const HAN = /\p{Script=Han}/u
const SEPARATOR = /[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]/u
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
  const visible = text.normalize('NFKC').replace(INVISIBLE, '')
  const plain = Array.from(visible, (character) => PLAIN[character] ?? character).join('')
  return plain.replace(SEPARATORS, '')
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
  if (character.normalize('NFKC') !== character || PLAIN[character] !== undefined) return TO_REWRITE
  return HAN.test(character) ? HAN_PLAIN : OTHER
}
