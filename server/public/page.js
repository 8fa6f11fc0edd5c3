// The first page: the book, today's verdicts, and what happens, as it happens. No framework, no build.

const WORDS = {
  zh: {
    skip: '跳到内容',
    tagline: '合规催收平台',
    book: '在催案件',
    verdicts: '今日裁决',
    channels: '触达结果',
    worklist: '优先案件',
    timeline: '实时动态',
    stage: '阶段',
    cases: '案件',
    arrears: '逾期金额',
    share: '占比',
    channel: '渠道',
    state: '状态',
    count: '数量',
    borrower: '借款人',
    dpd: '逾期天数',
    next: '下一步',
    api: '接口文档',
    metrics: '指标',
    keyLabel: 'API 密钥',
    keyButton: '查看',
    borrowers: '借款人',
    loans: '借据',
    open: '在催案件',
    outstanding: '剩余应还',
    permit: '许可',
    defer: '顺延',
    refuse: '拒绝',
    emptyBook: '暂无在催案件。导入借据后运行日批：npx dunlin import loans 文件 --portfolio 名称',
    emptyVerdicts: '今日还没有裁决。',
    emptyChannels: '今日还没有触达。',
    emptyTimeline: '还没有动态。',
    offline: '连接中断，正在重试…',
    sms: '短信',
    email: '邮件',
    planned: '待发送',
    permitted: '已许可',
    sent: '已发送',
    delivered: '已送达',
    failed: '失败',
    unknown: '不明',
    refused: '已拒绝',
    received: '收到',
    recorded: '已记录',
    'not-connected': '未接通',
    cancelled: '已取消',
    'contact.permitted': '许可触达',
    'contact.refused': '拒绝触达',
    'contact.deferred': '顺延触达',
    'contact.sent': '已发送',
    'contact.delivered': '已送达',
    'contact.failed': '发送失败',
    'contact.unknown': '结果不明',
    'case.opened': '案件开立',
    'case.cured': '出催',
    'case.closed': '案件关闭',
    'case.staged': '阶段变化',
    'payment.recorded': '收到还款',
    'payment.reversed': '还款冲正',
    'loan.changed': '借据变化',
    'hold.started': '开始停催',
    'hold.ended': '停催结束',
    'message.received': '收到回复',
    'promise.recorded': '承诺还款',
    'import.finished': '导入完成',
  },
  en: {
    skip: 'Skip to content',
    tagline: 'lawful collections',
    book: 'Open cases',
    verdicts: 'Verdicts today',
    channels: 'Contacts',
    worklist: 'Who next',
    timeline: 'Live',
    stage: 'Stage',
    cases: 'Cases',
    arrears: 'Arrears',
    share: 'Share',
    channel: 'Channel',
    state: 'State',
    count: 'Count',
    borrower: 'Borrower',
    dpd: 'Days past due',
    next: 'Next step',
    api: 'API reference',
    metrics: 'Metrics',
    keyLabel: 'API key',
    keyButton: 'Show',
    borrowers: 'Borrowers',
    loans: 'Loans',
    open: 'Open cases',
    outstanding: 'Outstanding',
    permit: 'Permitted',
    defer: 'Deferred',
    refuse: 'Refused',
    emptyBook:
      'No open cases. Import loans and run a cycle: npx dunlin import loans FILE --portfolio NAME',
    emptyVerdicts: 'No verdicts yet today.',
    emptyChannels: 'No contacts yet today.',
    emptyTimeline: 'Nothing has happened yet.',
    offline: 'Connection lost, trying again…',
    sms: 'SMS',
    email: 'Email',
    'contact.permitted': 'contact permitted',
    'contact.refused': 'contact refused',
    'contact.deferred': 'contact deferred',
    'contact.sent': 'sent',
    'contact.delivered': 'delivered',
    'contact.failed': 'failed',
    'contact.unknown': 'fate unknown',
    'case.opened': 'case opened',
    'case.cured': 'cured',
    'case.closed': 'case closed',
    'case.staged': 'stage changed',
    'payment.recorded': 'payment recorded',
    'payment.reversed': 'payment reversed',
    'loan.changed': 'loan changed',
    'hold.started': 'hold started',
    'hold.ended': 'hold ended',
    'message.received': 'reply received',
    'promise.recorded': 'promise recorded',
    'import.finished': 'import finished',
  },
}
const QUIET = new Set(['loan.changed'])
const REFRESH_MS = 4000
const TIMELINE_MAX = 100

let language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh'
let last = null
const t = (word) => WORDS[language][word] ?? word
const $ = (selector) => document.querySelector(selector)
const money = (minor) =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
  }).format(minor / 100)
const number = (value) => new Intl.NumberFormat('en').format(value)
const headers = () => {
  const key = sessionStorage.getItem('key')
  return key === null ? {} : { authorization: `Bearer ${key}` }
}

/** Elements are built, never parsed: no text from outside can become markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

function rows(body, items, empty, columns) {
  if (items.length > 0) {
    body.replaceChildren(...items.map(columns))
    return
  }
  const count = body.parentElement.querySelectorAll('th').length
  body.replaceChildren(
    element('tr', {}, element('td', { colspan: count, class: 'empty' }, t(empty))),
  )
}

function show(data) {
  last = data
  const { totals, stages, verdicts, channels, cases } = data
  const tiles = [
    ['borrowers', number(totals.borrowers)],
    ['loans', number(totals.loans)],
    ['open', number(totals.open)],
    ['outstanding', money(totals.outstandingMinor)],
  ]
  $('#totals').replaceChildren(
    ...tiles.map(([word, value]) =>
      element('div', {}, element('span', {}, t(word)), element('strong', {}, value)),
    ),
  )
  const most = Math.max(1, ...stages.map((stage) => stage.cases))
  rows($('#stages tbody'), stages, 'emptyBook', (stage) =>
    element(
      'tr',
      {},
      element('td', {}, stage.stage),
      element('td', { class: 'n' }, number(stage.cases)),
      element('td', { class: 'n' }, money(stage.arrearsMinor)),
      element(
        'td',
        { style: 'width:30%' },
        element('span', {
          class: 'bar',
          style: `width:${(100 * stage.cases) / most}%`,
          'aria-hidden': 'true',
        }),
      ),
    ),
  )
  showVerdicts(verdicts)
  rows($('#channels tbody'), channels, 'emptyChannels', (row) =>
    element(
      'tr',
      {},
      element('td', {}, t(row.channel)),
      element('td', {}, t(row.state)),
      element('td', { class: 'n' }, number(row.count)),
    ),
  )
  rows($('#cases tbody'), cases, 'emptyBook', (row) =>
    element(
      'tr',
      {},
      element(
        'td',
        { class: 'one-line' },
        `${row.name} `,
        element('small', { class: 'empty' }, row.borrowerNo),
      ),
      element('td', {}, row.stage ?? '–'),
      element('td', { class: 'n' }, String(row.dpd)),
      element('td', { class: 'n' }, money(row.arrearsMinor)),
      element(
        'td',
        { class: 'one-line' },
        row.nextStep === null ? '–' : `${row.nextStepOn.slice(5)} `,
        element('small', { class: 'empty' }, row.nextStep ?? ''),
      ),
    ),
  )
  $('#clock').textContent = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Asia/Shanghai',
  }).format(new Date(data.now))
}

function showVerdicts(verdicts) {
  const list = $('#verdicts ul')
  if (verdicts.length === 0)
    return list.replaceChildren(element('li', { class: 'empty' }, t('emptyVerdicts')))
  const most = Math.max(...verdicts.map((row) => row.count))
  list.replaceChildren(
    ...verdicts.map((row) => {
      const title = row.title === null ? '' : ` · ${row.title[language]}`
      return element(
        'li',
        {},
        element('span', {}, element('strong', { class: row.verdict }, t(row.verdict)), title),
        element('span', { class: 'n' }, number(row.count)),
        element('span', {
          class: `bar ${row.verdict}`,
          style: `width:${(100 * row.count) / most}%`,
          'aria-hidden': 'true',
        }),
      )
    }),
  )
}

function addEvents(events) {
  const list = $('#timeline ol')
  if (events.length > 0) list.querySelector('.empty')?.remove()
  for (const event of events.filter((each) => !QUIET.has(each.event))) {
    const time = new Intl.DateTimeFormat('zh-CN', {
      timeStyle: 'medium',
      timeZone: 'Asia/Shanghai',
    }).format(new Date(event.at))
    const channel = event.channel === null ? '' : ` · ${t(event.channel)}`
    list.prepend(
      element(
        'li',
        { 'data-event': event.event, 'data-channel': event.channel ?? '' },
        element('time', { datetime: event.at }, time),
        element('span', {}, t(event.event) + channel),
        element('span', { class: 'who' }, event.borrowerNo ?? ''),
      ),
    )
  }
  while (list.children.length > TIMELINE_MAX) list.lastChild.remove()
}

async function refresh() {
  const answer = await fetch('/page/overview', { headers: headers() })
  $('#key').hidden = answer.status !== 401
  if (answer.ok) show(await answer.json())
  $('#notice').hidden = true
}

async function follow() {
  let after = '0'
  for (;;) {
    try {
      const answer = await fetch(`/page/events?after=${after}`, { headers: headers() })
      if (!answer.ok) throw new Error(String(answer.status))
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      for (;;) {
        const { value, done } = await reader.read()
        if (done) break
        const parts = (text + value).split('\n\n')
        text = parts.pop()
        const events = parts
          .filter((part) => part.startsWith('data: '))
          .flatMap((part) => JSON.parse(part.slice(6)))
        after = events.at(-1)?.id ?? after
        addEvents(events)
      }
    } catch {
      $('#notice').textContent = t('offline')
      $('#notice').hidden = $('#key').hidden === false
    }
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS))
  }
}

function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const place of document.querySelectorAll('[data-t]')) place.textContent = t(place.dataset.t)
  $('#language').textContent = language === 'zh' ? 'English' : '中文'
  for (const item of document.querySelectorAll('#timeline li[data-event]')) {
    const channel = item.dataset.channel === '' ? '' : ` · ${t(item.dataset.channel)}`
    item.children[1].textContent = t(item.dataset.event) + channel
  }
  if (last !== null) show(last)
}

$('#language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  history.replaceState(null, '', language === 'en' ? '?lang=en' : location.pathname)
  speak()
})
$('#key').addEventListener('submit', (event) => {
  event.preventDefault()
  sessionStorage.setItem('key', $('#key-value').value)
  refresh()
})
$('#timeline ol').append(element('li', { class: 'empty' }, t('emptyTimeline')))
speak()
refresh().catch(() => undefined)
setInterval(() => refresh().catch(() => undefined), REFRESH_MS)
follow()
