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
  單位: '单位',
}
const SEPARATORS = /(?<=\p{Script=Han})[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]+(?=\p{Script=Han})/gu
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g

/**
 * Undoes simple evasion before the word lists are asked: compatibility forms, invisible characters,
 * traditional characters, and separators set between Han characters. Only ever adds matches,
 * because the text as given is matched too.
 */
export function normaliseText(text: string): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '')
  const plain = Array.from(visible, (character) => PLAIN[character] ?? character).join('')
  return plain.replace(SEPARATORS, '')
}
