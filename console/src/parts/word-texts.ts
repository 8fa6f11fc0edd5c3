import { textsOf } from '@dunlin/ui'
import { EVENT_WORDS } from './event-words.ts'

/** Words of the trade that several pages show: channels, states, events. */
const WORDS = {
  zh: {
    ...EVENT_WORDS.zh,
    sms: '短信',
    email: '邮件',
    wecom: '企业微信',
    call: '电话',
    'robot-call': '语音机器人',
    letter: '信函',
    visit: '外访',
    push: '推送',
    planned: '待发送',
    permitted: '已许可',
    sent: '已发送',
    delivered: '已送达',
    failed: '失败',
    unknown: '不明',
    refused: '已拒绝',
    received: '收到',
    recorded: '已记录',
    cancelled: '已取消',
    'not-connected': '未接通',
    connected: '已接通',
    'import.finished': '导入完成',
    'borrower.added': '录入借款人',
    'contact-point.added': '新增联系方式',
    'contact-point.changed': '联系方式变化',
  },
  en: {
    ...EVENT_WORDS.en,
    sms: 'SMS',
    email: 'Email',
    wecom: 'WeCom',
    call: 'Call',
    'robot-call': 'Robot call',
    letter: 'Letter',
    visit: 'Visit',
    push: 'Push',
    planned: 'planned',
    permitted: 'permitted',
    sent: 'sent',
    delivered: 'delivered',
    failed: 'failed',
    unknown: 'unknown',
    refused: 'refused',
    received: 'received',
    recorded: 'recorded',
    cancelled: 'cancelled',
    'not-connected': 'not connected',
    connected: 'connected',
    'import.finished': 'Import finished',
    'borrower.added': 'Borrower added',
    'contact-point.added': 'Contact point added',
    'contact-point.changed': 'Contact point changed',
  },
} as const

type Word = keyof (typeof WORDS)['zh']
const useKnown = textsOf<Word>('words', WORDS)

function isWord(word: string): word is Word {
  return Object.hasOwn(WORDS.zh, word)
}

/** A word of the server in the reader's language; one that is not known is shown as it is. */
export function useWord(): (word: string) => string {
  const say = useKnown()
  return (word) => (isWord(word) ? say(word) : word)
}
