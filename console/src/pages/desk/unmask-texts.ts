import { textsOf } from '@dunlin/ui'

const UNMASK = {
  zh: {
    show: '显示',
    hide: '隐藏',
    showOf: '显示 {{point}} 的明文',
    title: '查看明文：{{point}}',
    lead: '查看人、原因和时间先记入审计，再显示一分钟。看到号码不等于可以联系：联系仍须经过闸门。',
    reason: '原因',
    words: '说明',
    wordsHint: '至少 4 个字，不要写号码或地址：审计以明文保存这段话。',
    submit: '记录并显示',
    choose: '先选原因',
    fillIn: '先写说明',
    failed: '没有显示：{{detail}}',
    badWords: '说明里不能有号码或地址',
    shown: '已记入审计，一分钟后重新遮盖',
    'reason.inbound': '来电或来信，确认是谁',
    'reason.correct': '核对或更正资料',
    'reason.complaint': '处理投诉',
    'reason.review': '质检或合规检查',
    'reason.authority': '监管或司法要求',
  },
  en: {
    show: 'Show',
    hide: 'Hide',
    showOf: 'Show {{point}} in the clear',
    title: 'In the clear: {{point}}',
    lead: 'Who looks, why and when goes into the audit first; then it is shown for a minute. Seeing it is no leave to contact: that goes through the gate.',
    reason: 'Reason',
    words: 'In words',
    wordsHint:
      'Four signs at least, and no number or address: the audit keeps these words in plain.',
    submit: 'Record and show',
    choose: 'Choose a reason first',
    fillIn: 'Say it in words first',
    failed: 'Not shown: {{detail}}',
    badWords: 'the words tell a number or an address',
    shown: 'In the audit; masked again after a minute',
    'reason.inbound': 'Somebody called or wrote: who is it',
    'reason.correct': 'Check or correct the record',
    'reason.complaint': 'Complaint',
    'reason.review': 'Quality or compliance review',
    'reason.authority': 'Asked for by an authority',
  },
} as const

type UnmaskKey = keyof (typeof UNMASK)['zh']
export const useUnmaskTexts = textsOf<UnmaskKey>('unmask', UNMASK)
