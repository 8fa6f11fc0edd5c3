/**
 * Whether a text asks not to be contacted on WeChat. Inside WeChat «do not contact me» is enough; elsewhere
 * it must name WeChat. Errs towards yes: a stop can be lifted, an unheard wish cannot be undone.
 */
export function asksNoWechat(text: string, isInWechat: boolean): boolean {
  const said = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\p{Z}\p{C}]/gu, '')
    .slice(0, CHARS_MAX)
  return (isInWechat ? [...NAMED, ...HERE] : NAMED).some((pattern) => pattern.test(said))
}

/** What is said further on in a longer text is for a person to read. */
const CHARS_MAX = 500

const NO = '(?:别|不要|不准|不许|不得|请勿|勿|停止|拒绝|不想|不希望|不同意)'
const WECHAT = '(?:企业微信|企微|微信|vx|wx|wechat|weixin|wecom)'
const CONTACT = '(?:联系|打扰|骚扰|找|发|加|聊|催|通知|提醒)'
/** Words that may stand between the others. */
const FILL = '[^。]{0,6}?'

const NAMED: readonly RegExp[] = [
  new RegExp(`${NO}${FILL}${WECHAT}${FILL}${CONTACT}`, 'u'),
  new RegExp(`${WECHAT}${FILL}${NO}${FILL}${CONTACT}`, 'u'),
  new RegExp(`${NO}${FILL}${CONTACT}${FILL}${WECHAT}`, 'u'),
  new RegExp(
    `(?:never|dont|donot|stop)(?:contact|contacting|messag|messaging|message|writ|writing|write)(?:ing|to)?(?:me)?(?:again)?(?:on|via|by|over|through|in)(?:my)?${WECHAT}`,
    'u',
  ),
]
const HERE: readonly RegExp[] = [
  new RegExp(`${NO}再?(?:给我|跟我|和我|来)?${CONTACT}(?:我|消息|信息|了|$)`, 'u'),
  /(?:never|dont|donot|stop)(?:contact|contacting|message|messaging|write|writing)(?:to)?me/u,
]
