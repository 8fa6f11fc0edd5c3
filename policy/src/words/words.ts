import type { Text } from '../verdict.ts'

// What the closed words of facts and packs are called in the two languages. A word that is not listed is
// shown as it is: a page may show an unknown word, it may not hide one.

export type Language = 'zh' | 'en'

const WORDS: Readonly<Record<string, Text>> = {
  // channels and their groups
  call: { zh: '人工电话', en: 'phone call' },
  'robot-call': { zh: '机器人电话', en: 'automated call' },
  sms: { zh: '短信', en: 'text message' },
  email: { zh: '电子邮件', en: 'email' },
  wecom: { zh: '企业微信', en: 'WeCom message' },
  'wecom-group': { zh: '企业微信群', en: 'WeCom group' },
  'wecom-moment': { zh: '朋友圈', en: 'Moments post' },
  letter: { zh: '信函', en: 'letter' },
  visit: { zh: '上门', en: 'visit' },
  push: { zh: '应用推送', en: 'app notification' },
  'social-public': { zh: '公开社交平台', en: 'public social media' },
  voice: { zh: '电话', en: 'calls' },
  electronic: { zh: '电子渠道', en: 'electronic messages' },
  live: { zh: '即时触达', en: 'contacts that reach the person at once' },
  broadcast: { zh: '公开发布', en: 'public posts' },
  // purposes
  collection: { zh: '催收（服务以外的一切目的）', en: 'collection (every purpose but service)' },
  collect: { zh: '催收', en: 'collection' },
  locate: { zh: '寻找联系方式', en: 'locating the person' },
  service: { zh: '服务', en: 'service' },
  'legal-notice': { zh: '法定通知', en: 'notice required by law' },
  incentive: { zh: '激励', en: 'incentive' },
  education: { zh: '宣传教育', en: 'education' },
  validation: { zh: '债务确认', en: 'validation of the debt' },
  // people
  borrower: { zh: '借款人', en: 'the borrower' },
  'co-borrower': { zh: '共同借款人', en: 'a co-borrower' },
  guarantor: { zh: '担保人', en: 'a guarantor' },
  spouse: { zh: '配偶', en: 'the spouse' },
  'reserved-contact': { zh: '预留联系人', en: 'a reserved contact' },
  relative: { zh: '亲属', en: 'a relative' },
  employer: { zh: '用人单位', en: 'the employer' },
  colleague: { zh: '同事', en: 'a colleague' },
  attorney: { zh: '律师', en: 'the attorney' },
  executor: { zh: '遗产管理人', en: 'the executor' },
  other: { zh: '其他人', en: 'somebody else' },
  obligor: { zh: '债务人', en: 'a person who owes' },
  representative: { zh: '代理人', en: 'a representative' },
  third: { zh: '第三人', en: 'a third person' },
  consumer: { zh: '消费者', en: 'the consumer' },
  agent: { zh: '催收员', en: 'an agent' },
  robot: { zh: '机器人', en: 'a robot' },
  // what the line said
  'no-answer': { zh: '无人接听', en: 'no answer' },
  busy: { zh: '占线', en: 'busy' },
  invalid: { zh: '空号', en: 'invalid number' },
  'not-connected': { zh: '未接通', en: 'not connected' },
  connected: { zh: '已接通', en: 'connected' },
  voicemail: { zh: '语音信箱', en: 'voicemail' },
  delivered: { zh: '已送达', en: 'delivered' },
  failed: { zh: '失败', en: 'failed' },
  unknown: { zh: '结果未知', en: 'fate unknown' },
  // holds
  dispute: { zh: '债务争议', en: 'dispute' },
  hardship: { zh: '生活困难', en: 'hardship' },
  cease: { zh: '要求停止联系', en: 'request to cease' },
  'channel-stop': { zh: '退订该渠道', en: 'opt-out of the channel' },
  'breathing-space': { zh: '喘息期', en: 'breathing space' },
  bankruptcy: { zh: '破产', en: 'bankruptcy' },
  deceased: { zh: '借款人去世', en: 'death of the borrower' },
  bereavement: { zh: '丧亲', en: 'bereavement' },
  complaint: { zh: '投诉处理中', en: 'open complaint' },
  disaster: { zh: '灾害', en: 'disaster' },
  'inconvenient-time': { zh: '不便时间', en: 'inconvenient time' },
  'inconvenient-place': { zh: '不便地点', en: 'inconvenient place' },
  'plan-active': { zh: '还款计划执行中', en: 'running payment plan' },
  'third-party-stop': { zh: '停止联系第三人', en: 'stop of third-party contact' },
  'validation-dispute': { zh: '债务确认期内的书面争议', en: 'written dispute of the debt' },
  // consents
  'contact-outside-hours': { zh: '同意在时段外联系', en: 'contact outside the hours' },
  'more-calls': { zh: '同意增加通话', en: 'more calls' },
  'work-place': { zh: '同意在工作地点联系', en: 'contact at work' },
  'work-email': { zh: '同意使用工作邮箱', en: 'the work email' },
  'third-party': { zh: '同意联系第三人', en: 'contact with third persons' },
  'after-cease': { zh: '停止联系后重新同意', en: 'contact after a request to cease' },
  premises: { zh: '同意上门', en: 'visits to the premises' },
  // directions, ways, points, places, days, kinds of content
  outbound: { zh: '主动联系', en: 'outbound' },
  inbound: { zh: '对方来信来电', en: 'inbound' },
  reply: { zh: '回复', en: 'reply' },
  mass: { zh: '群发', en: 'mass message' },
  kf: { zh: '客服消息', en: 'customer-service message' },
  chat: { zh: '单聊', en: 'chat' },
  ok: { zh: '正常', en: 'working' },
  suspect: { zh: '存疑', en: 'suspect' },
  dead: { zh: '失效', en: 'dead' },
  'wrong-person': { zh: '非本人', en: 'another person’s' },
  recycled: { zh: '已换机主', en: 'given to another person since' },
  contract: { zh: '合同', en: 'the contract' },
  authorised: { zh: '授权', en: 'an authorisation' },
  public: { zh: '公开信息', en: 'public sources' },
  bureau: { zh: '征信机构', en: 'a bureau' },
  home: { zh: '住所', en: 'home' },
  work: { zh: '工作地点', en: 'work' },
  mon: { zh: '周一', en: 'Mon' },
  tue: { zh: '周二', en: 'Tue' },
  wed: { zh: '周三', en: 'Wed' },
  thu: { zh: '周四', en: 'Thu' },
  fri: { zh: '周五', en: 'Fri' },
  sat: { zh: '周六', en: 'Sat' },
  sun: { zh: '周日', en: 'Sun' },
  reminder: { zh: '提醒', en: 'reminder' },
  demand: { zh: '催告', en: 'demand' },
  notice: { zh: '通知', en: 'notice' },
  script: { zh: '话术', en: 'script' },
  postcard: { zh: '明信片', en: 'postcard' },
  // verdicts, how a source is known, how much a rule binds
  permit: { zh: '许可', en: 'Permitted' },
  defer: { zh: '顺延', en: 'Deferred' },
  refuse: { zh: '拒绝', en: 'Refused' },
  quoted: { zh: '依原文', en: 'read in the original' },
  secondary: { zh: '依二手资料', en: 'known at second hand' },
  lender: { zh: '机构自定', en: 'the lender’s own rule' },
  forbid: { zh: '禁止', en: 'forbids' },
  'should-not': { zh: '不应', en: 'should not' },
  presumption: { zh: '推定违规', en: 'presumption of a violation' },
  advise: { zh: '建议', en: 'advice' },
}

/** What a word is called; an unknown one stays as it is. */
export function wordIn(word: string, language: Language): string {
  return WORDS[word]?.[language] ?? word
}

/** Words in a row, as the language writes lists. */
export function listIn(words: readonly string[], language: Language): string {
  return words.map((word) => wordIn(word, language)).join(language === 'zh' ? '、' : ', ')
}
