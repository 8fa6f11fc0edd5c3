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
  款: '款',
  貸: '贷',
  逾: '逾',
  賬: '账',
  帳: '账',
  單: '单',
  庫: '库',
  獄: '狱',
  監: '监',
  捕: '捕',
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
  爆: '爆',
  開: '开',
  聯: '联',
  係: '系',
  繫: '系',
}
const HAN = /\p{Script=Han}/u
const SEPARATOR = /[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]/u
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g

/** What a text has become so far, and whether separators wait for the next character to decide. */
type Reading = { plain: string; isAfterHan: boolean; waiting: string }

/** A character as the word lists know it. */
type Glyph = { readonly plain: string; readonly isHan: boolean; readonly isSeparator: boolean }
const glyphs = new Map<string, readonly Glyph[]>()
const GLYPHS_MAX = 20_000

/**
 * Undoes simple evasion before the word lists are asked: compatibility forms, invisible characters,
 * traditional characters, and separators set between Han characters.
 */
export function normaliseText(text: string): string {
  const reading: Reading = { plain: '', isAfterHan: false, waiting: '' }
  for (const character of isComposed(text) ? text : text.normalize('NFKC')) {
    const known = glyphs.get(character) ?? readGlyph(character)
    for (const glyph of known) take(reading, glyph)
  }
  return reading.plain + reading.waiting
}

function take(reading: Reading, { plain, isHan, isSeparator }: Glyph): void {
  if (isSeparator && reading.isAfterHan) {
    reading.waiting += plain
    return
  }
  // Separators between two Han characters are dropped; anywhere else they stay.
  if (reading.waiting !== '') {
    if (!isHan) reading.plain += reading.waiting
    reading.waiting = ''
  }
  reading.plain += plain
  reading.isAfterHan = isHan
}

/** Without combining marks the compatibility form of a text is that of its characters. */
function isComposed(text: string): boolean {
  return !/\p{M}/u.test(text)
}

function readGlyph(character: string): readonly Glyph[] {
  const visible = character.normalize('NFKC').replace(INVISIBLE, '')
  const read = Array.from(visible, (part) => {
    const plain = PLAIN[part] ?? part
    return { plain, isHan: HAN.test(plain), isSeparator: SEPARATOR.test(plain) }
  })
  if (glyphs.size < GLYPHS_MAX) glyphs.set(character, read)
  return read
}
