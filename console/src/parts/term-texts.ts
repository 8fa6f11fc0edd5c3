import { textsOf } from '@dunlin/ui'

const TERMS = {
  zh: {
    case: '一位借款人在一家机构、一种货币下全部借据的一次催收；欠款补齐即出催。',
    outstanding: '到今天为止全部未还的金额：未到期的本金也算在内。',
    arrears: '已到期未还的金额：本金、利息、罚息与费用，不含未到期的部分。',
    stage:
      '按逾期天数划分：到期前、S1 1–10 天、S2 11–30 天、M2 31–60 天、M3 61–90 天……逾期天数不算宽限与暂停的日子。',
    verdict: '闸门对每次联系的回答：许可、暂缓（到最早的合法时刻）或拒绝；不知道就是不行。',
    lamp: '绿：现在可以联系；黄：到倒计时结束才可以；红：不可以。悬停看依据哪条规则。',
    attempt: '一次计划中或已作出的联系：一个渠道、一个号码或地址。',
  },
  en: {
    case: 'The open collection of one borrower across the loans of one lender in one currency; it cures when the arrears are zero.',
    outstanding: 'Everything unpaid as of today, principal that is not due yet included.',
    arrears:
      'What is due and unpaid: principal, interest, penalties and fees; what is not due yet is left out.',
    stage:
      'A range of days past due: pre-due, S1 1–10, S2 11–30, M2 31–60, M3 61–90 … Grace and pauses do not count.',
    verdict:
      'The answer of the gate to each contact: permit, defer (to the earliest lawful moment) or refuse. Unknown means no.',
    lamp: 'Green: contact is allowed now. Amber: when the countdown ends. Red: not allowed. Hover to see by which rule.',
    attempt: 'One planned or made contact, on one channel to one number or address.',
  },
} as const

export type TermKey = keyof (typeof TERMS)['zh']
export const useTermTexts = textsOf<TermKey>('terms', TERMS)
