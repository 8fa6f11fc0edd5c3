import type { Text } from '../verdict.ts'

/** What to do about a finding of each list; the rest is told by the rule's title. */
const ADVICE: Readonly<Record<string, Text>> = {
  'lender-name': { zh: '写明放款机构的名称', en: 'Name the lender' },
  amount: { zh: '写明应还金额和币种', en: 'State the amount owed with its currency' },
  'sum-with-currency': { zh: '写明应还金额和币种', en: 'State the amount owed with its currency' },
  deadline: { zh: '写明还款日期或天数', en: 'State a date or a number of days' },
  'complaint-line': { zh: '写明投诉渠道', en: 'Say where to complain' },
  'opt-out-invitation': {
    zh: '写明如何拒收，例如“拒收请回复R”',
    en: 'Say how to opt out, for example “Reply STOP to opt out”',
  },
  'opt-out': { zh: '写明如何退订', en: 'Say how to opt out' },
  threat: { zh: '只陈述事实和可选的办法', en: 'State facts and choices only' },
  'further-threat': { zh: '只陈述事实和可选的办法', en: 'State facts and choices only' },
  insult: { zh: '不评价对方', en: 'Say nothing about the person' },
  'further-insult': { zh: '不评价对方', en: 'Say nothing about the person' },
  'false-authority': { zh: '以放款机构名义说话', en: 'Speak as the lender and nobody else' },
  'further-authority': { zh: '以放款机构名义说话', en: 'Speak as the lender and nobody else' },
  'fake-consequence': {
    zh: '只写合同和法律确有的后果',
    en: 'Name only what contract and law provide',
  },
  'further-consequence': {
    zh: '只写合同和法律确有的后果',
    en: 'Name only what contract and law provide',
  },
  'new-borrowing': { zh: '改为介绍延期或分期', en: 'Offer more time or instalments instead' },
  'further-borrowing': { zh: '改为介绍延期或分期', en: 'Offer more time or instalments instead' },
  debt: {
    zh: '对第三人只请其转告回电',
    en: 'Ask a third person only to pass on a request to call back',
  },
  disclosure: {
    zh: '对第三人只请其转告回电',
    en: 'Ask a third person only to pass on a request to call back',
  },
  shaming: { zh: '不公开任何人的债务', en: 'Make nobody’s debt public' },
  'group-call-out': { zh: '个人账户改为私聊', en: 'Move accounts to a private chat' },
  'collection-news': { zh: '改为一般金融知识', en: 'Teach about credit in general instead' },
  progress: { zh: '改为一般金融知识', en: 'Teach about credit in general instead' },
  person: { zh: '不指向任何人', en: 'Point at nobody' },
  'whole-number': { zh: '只留尾号四位', en: 'Keep the last four digits only' },
  'private-number': { zh: '改用机构热线', en: 'Give the lender’s hotline instead' },
  'private-data': { zh: '请对方登录后自行核对', en: 'Let the person check it after signing in' },
}

/** A sentence that says how to mend a finding; `quoted` is empty for a part that is missing. */
export function mendOf(finding: {
  readonly lexicon: string | null
  readonly quoted: string
  readonly title: Text
}): Text {
  const { lexicon, quoted, title } = finding
  const advice = (lexicon === null ? undefined : ADVICE[lexicon]) ?? title
  if (quoted === '' || lexicon === null) return { zh: `${advice.zh}。`, en: `${advice.en}.` }
  return { zh: `删去“${quoted}”：${advice.zh}。`, en: `Take out “${quoted}”: ${advice.en}.` }
}
