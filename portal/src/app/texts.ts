import { textsOf } from '@dunlin/ui'

// Words of the frame and of what may go wrong. Chinese is written first; English says the same.

export const useFrame = textsOf('frame', {
  zh: {
    title: '个人服务页',
    home: '首页',
    language: 'English',
    verify: '核验是不是我们',
    leave: '退出',
    loading: '正在读取…',
    retry: '再试一次',
    busy: '正在提交…',
    help: '客服热线 {{line}}',
    outTitle: '请先打开您的专属链接',
    outText:
      '为保护您的隐私，这个页面只能从我们发给您的短信或邮件里的链接进入，并用验证码确认是您本人。长时间没有操作也会自动退出。',
    outHow: '没有链接？请拨打您合同上的客服电话，我们会重新发送。',
  },
  en: {
    title: 'Your personal page',
    home: 'Home',
    language: '中文',
    verify: 'Check whether it is us',
    leave: 'Sign out',
    loading: 'Loading…',
    retry: 'Try again',
    busy: 'Sending…',
    help: 'Help {{line}}',
    outTitle: 'Please open your own link first',
    outText:
      'To protect your privacy this page opens only from the link in a message of ours, and with a code that shows it is you. It also closes by itself after a while without use.',
    outHow: 'No link? Call the help line in your contract and we will send it again.',
  },
})

const PROBLEMS = {
  zh: {
    network: '网络不通，没有提交成功。请检查网络后再试。',
    'portal.bad_link': '这个链接无效或已过期。请使用我们最近一条短信或邮件里的链接，或致电客服。',
    'portal.bad_code': '验证码不对，或者已经过期。请核对，或重新获取。',
    'portal.cannot_send': '现在无法发送到这里。请换一种方式，或致电客服。',
    'portal.too_many': '操作太频繁了，请过一会儿再试。',
    'plan.bad_code': '验证码不对，或者已经过期。请核对，或重新获取。',
    'plan.not_on_offer': '方案有变化，请重新查看。',
    'plan.running': '您已有一个正在进行的方案。需要调整请给我们留言。',
    'plan.held': '您的异议还在处理，处理完之前不需要选择方案。',
    'plan.no_point': '没有可用的手机号或邮箱，请致电客服。',
    'payment.exceeds_owed': '金额超过了您目前的全部欠款，请改小一些。',
    'payment.no_account': '目前不能用微信支付，请使用银行转账。',
    'matter.appeal_over': '申诉期限已过。您仍然可以提出新的投诉。',
    'request.invalid': '有一项填写得不对，请检查。',
    other: '没有成功，请稍后再试。如果一直不行，请致电客服。',
  },
  en: {
    network: 'There is no connection; nothing was sent. Check your network and try again.',
    'portal.bad_link':
      'This link is not valid or no longer valid. Use the link in our latest message, or call us.',
    'portal.bad_code': 'This is not the code, or it is too old. Check it, or ask for a new one.',
    'portal.cannot_send': 'We cannot send a code there now. Choose another way, or call us.',
    'portal.too_many': 'Too many tries. Please wait a while.',
    'plan.bad_code': 'This is not the code, or it is too old. Check it, or ask for a new one.',
    'plan.not_on_offer': 'The offers have changed. Please look at them again.',
    'plan.running': 'A plan of yours is running. Write to us if it should change.',
    'plan.held': 'Your dispute is being looked into. Until it is decided no plan is needed.',
    'plan.no_point': 'There is no phone or mailbox that we can use. Please call us.',
    'payment.exceeds_owed': 'This is more than all you owe. Please enter less.',
    'payment.no_account': 'WeChat Pay is not offered now. Please use a bank transfer.',
    'matter.appeal_over': 'The time to appeal is over. You may still make a new complaint.',
    'request.invalid': 'Something was not filled in as expected. Please check.',
    other: 'That did not work. Please try again later, or call us if it goes on.',
  },
} as const

const useProblems = textsOf('problem', PROBLEMS)

/** What to tell a person about a code, in their words. */
export function useProblemText(): (code: string) => string {
  const say = useProblems()
  return (code) => say(isKnown(code) ? code : 'other')
}

function isKnown(code: string): code is keyof typeof PROBLEMS.zh {
  return code in PROBLEMS.zh
}
