import { textsOf } from '@dunlin/ui'

const TOUR = {
  zh: {
    next: '下一步',
    back: '上一步',
    end: '开始使用',
    'step.board': '看板',
    'text.board':
      '今天该做的、做完的、被闸门拒绝的和原因。演示里的借款人都是虚构的，时钟走得比真实时间快：几分钟就能看到几天的催收。',
    'step.desk': '待办',
    'text.desk':
      '接下来联系谁，已按约定、承诺与规则排好。打开一件，先核身，再看欠款；每个渠道的指示灯说明现在能否联系、依据哪条规则。',
    'step.cases': '案件',
    'text.cases': '整本账。筛选都在地址栏里，可以收藏和转发；键盘上下键移动，回车打开。',
    'step.queues': '待办队列',
    'text.queues':
      '异议、投诉、困难与保护，各有负责人和按工作日计算的期限；没人管的案件也会被找出来。',
    'step.strategies': '策略',
    'text.strategies':
      '哪一天、哪个渠道、哪段文字。改动先用今天的账本试跑，看谁会收到什么、哪些被拒绝，再由另一人发布。',
    'step.decisions': '裁决',
    'text.decisions':
      '每一次联系都先问闸门。点开任何一条，看考虑了哪些规则、数字与出处，以及怎样会改变结果。',
    'step.evidence': '证据',
    'text.evidence': '每个裁决都封进签名的链条，可以当场重新核验，也可以带走交给外人验证。',
    'step.staff': '人员',
    'text.staff': '谁可以登录、以什么身份。改动从对方的下一次操作起生效。',
  },
  en: {
    next: 'Next',
    back: 'Back',
    end: 'Begin',
    'step.board': 'Board',
    'text.board':
      'What is due today, what is done, what the gate refused and why. The borrowers of the demo are made up, and its clock runs faster: a few minutes show days of collections.',
    'step.desk': 'Worklist',
    'text.desk':
      'Who is next, by appointments, promises and rules. Open one: identity first, then the debt; a lamp per channel tells whether contact is allowed now, and by which rule.',
    'step.cases': 'Cases',
    'text.cases':
      'The whole book. Filters stand in the address, to be kept and passed on; arrow keys move, Enter opens.',
    'step.queues': 'Queues',
    'text.queues':
      'Disputes, complaints, hardship and holds, each with an owner and a deadline in working days; cases that nobody looks after are found, too.',
    'step.strategies': 'Strategies',
    'text.strategies':
      'Which day, which channel, which wording. A change is tried on today’s book first, with every refusal, and released by another person.',
    'step.decisions': 'Decisions',
    'text.decisions':
      'Every contact asks the gate first. Open any answer to read the rules considered, their figures and sources, and what would change it.',
    'step.evidence': 'Evidence',
    'text.evidence':
      'Every decision is sealed into a signed chain: verified here at once, or taken away for a stranger to verify.',
    'step.staff': 'Staff',
    'text.staff': 'Who may sign in, as what. A change holds from their next action on.',
  },
} as const

export type TourKey = keyof (typeof TOUR)['zh']
export const useTourTexts = textsOf<TourKey>('tour', TOUR)
