import { normaliseText } from '@dunlin/policy'

/** What a declared text must never offer anything for, as words that say so. */
const FORBIDDEN = {
  silence: [
    '投诉',
    '撤诉',
    '举报',
    '保密',
    '沉默',
    '不得告知',
    '不对外',
    '好评',
    '放弃权利',
    'complaint',
    'complain',
    'silence',
    'silent',
    'confidential',
    'secret',
    'good review',
    'waive your right',
  ],
  'new-borrowing': [
    '借款',
    '借贷',
    '贷款',
    '再借',
    '续借',
    '续贷',
    '复借',
    '提额',
    '额度',
    '放款',
    'new loan',
    'borrow',
    'credit limit',
    'loan offer',
    'top up',
  ],
  pressure: ['最后机会', '逾期不候', '否则', 'last chance', 'or else'],
} as const
export type TextFault = keyof typeof FORBIDDEN | 'not-true' | 'too-long'

/** The text must say what it is truly for. */
const TRUE_WORDS = ['还款', 'repay', 'payment', 'paid']
const CHARS_MAX = 32

/**
 * What is wrong with a declared text: an incentive is never given for silence, for new borrowing or under
 * pressure, and it says that it is given for repayment.
 */
export function lintText(text: string): readonly TextFault[] {
  const plain = normaliseText(text).toLowerCase().replaceAll(/\s+/g, ' ')
  const joined = plain.replaceAll(/[\s\p{P}]/gu, '')
  const says = (word: string): boolean =>
    plain.includes(word) || joined.includes(word.replaceAll(' ', ''))
  const found: TextFault[] = []
  for (const [fault, words] of [
    ['silence', FORBIDDEN.silence],
    ['new-borrowing', FORBIDDEN['new-borrowing']],
    ['pressure', FORBIDDEN.pressure],
  ] as const) {
    if (words.some(says)) found.push(fault)
  }
  if (!TRUE_WORDS.some(says)) found.push('not-true')
  if ([...text].length > CHARS_MAX) found.push('too-long')
  return found
}
