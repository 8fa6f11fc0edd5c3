import type { Applies, EventFilter, Period, Rule, RuleOf, Unless } from '../pack.ts'
import type { Text } from '../verdict.ts'
import { type Language, listIn, wordIn } from './words.ts'

/** One sentence of a rule: what it demands, with its figures, whom it concerns, what lifts it, from when to when. */
export function ruleInWords(rule: Rule): Text {
  return { zh: sentenceOf(rule, 'zh'), en: sentenceOf(rule, 'en') }
}

function sentenceOf(rule: Rule, language: Language): string {
  const { applies, unless, from, to } = rule
  const concerns = appliesIn(applies, language)
  const lifted = unless.map((exception) => unlessIn(exception, language))
  const parts = [
    demandIn(rule, language),
    concerns === '' ? '' : say(language, `适用于：${concerns}`, `concerns: ${concerns}`),
    lifted.length === 0
      ? ''
      : say(language, `除非：${lifted.join('，或')}`, `unless: ${lifted.join(', or ')}`),
    from === undefined ? '' : say(language, `自${from}起`, `from ${from}`),
    to === undefined ? '' : say(language, `至${to}止`, `until ${to}`),
  ]
  return parts.filter((part) => part !== '').join(say(language, '；', '; '))
}

function say(language: Language, zh: string, en: string): string {
  return language === 'zh' ? zh : en
}

function demandIn(rule: Rule, language: Language): string {
  switch (rule.kind) {
    case 'window':
      return windowIn(rule, language)
    case 'cap':
      return capIn(rule, language)
    case 'gap':
      return gapIn(rule, language)
    case 'hold':
      return holdIn(rule, language)
    case 'duty':
      return say(language, `须做到：${rule.title.zh}`, `duty: ${rule.title.en}`)
    case 'party':
      return partyIn(rule, language)
    case 'content':
      return contentIn(rule, language)
    case 'point':
    case 'actor':
      return conditionIn(rule, language)
  }
}

function windowIn({ hours, holidays }: RuleOf<'window'>, language: Language): string {
  const spans = hours.map(({ days, ranges }) => {
    const when = days === undefined ? say(language, '每天', 'every day') : listIn(days, language)
    return `${when} ${ranges.length === 0 ? say(language, '不得', 'closed') : ranges.join(', ')}`
  })
  const off = holidays === 'closed' ? say(language, '不得', 'closed') : (holidays ?? []).join(', ')
  if (off !== '') spans.push(say(language, `节假日 ${off}`, `public holidays ${off}`))
  return say(
    language,
    `只许在当地时间 ${spans.join('；')} 之内`,
    `only within local time ${spans.join('; ')}`,
  )
}

function capIn(rule: RuleOf<'cap'>, language: Language): string {
  const max =
    rule.max === 'days-in-month' ? say(language, '当月天数', 'the days of the month') : rule.max
  const counted = eventsIn(rule.events, language)
  const period = periodIn(rule.period, language)
  const scope = SCOPES[rule.scope][language]
  const own = rule.perCollector ? say(language, '，每家机构分别计', ', counted per collector') : ''
  return say(
    language,
    `${period}每${scope}至多 ${max} 次（计：${counted}）${own}`,
    `at most ${max} ${period} per ${scope} (counting ${counted})${own}`,
  )
}

const SCOPES: Readonly<Record<RuleOf<'cap'>['scope'], Text>> = {
  party: { zh: '人', en: 'person' },
  'contact-point': { zh: '联系方式', en: 'contact point' },
  'party+debt': { zh: '人每笔债务', en: 'person and debt' },
  'agent+party': { zh: '名催收员对每人', en: 'agent and person' },
}

function periodIn(period: Period, language: Language): string {
  if ('calendarDays' in period) {
    const { calendarDays: days } = period
    if (days === 1) return say(language, '每个当地自然日', 'a local calendar day')
    return say(language, `连续 ${days} 个当地自然日`, `in ${days} local calendar days`)
  }
  if ('calendar' in period) {
    return period.calendar === 'week'
      ? say(language, '每自然周', 'a calendar week')
      : say(language, '每自然月', 'a calendar month')
  }
  if ('rollingSeconds' in period) {
    const { rollingSeconds: seconds } = period
    if (seconds < 3600) return say(language, `任意 ${seconds} 秒内`, `in any ${seconds} seconds`)
    return say(language, `任意 ${seconds / 3600} 小时内`, `in any ${seconds / 3600} hours`)
  }
  if ('hoursSinceInbound' in period) {
    const { hoursSinceInbound: hours } = period
    const en = `within ${hours} hours after the person’s own message, and only then,`
    return say(language, `对方来信后 ${hours} 小时内（且仅在此时）`, en)
  }
  return say(language, '始终', 'ever')
}

function gapIn(rule: RuleOf<'gap'>, language: Language): string {
  const { daysAfterEvent: days, after, events } = rule
  if (after === 'notice') {
    const en = `not before ${days} local days after the written notice of every debt`
    return say(language, `每笔债务书面通知后满 ${days} 个当地自然日方可`, en)
  }
  const what = eventsIn(events, language)
  const en = `not within ${days} local days of the last of these, its own day being the first: ${what}`
  return say(language, `最近一次（${what}）起 ${days} 个当地自然日内不得（当日计第一日）`, en)
}

function eventsIn(filter: EventFilter, language: Language): string {
  const parts = [
    filter.channels === undefined
      ? say(language, '一切触达', 'every contact')
      : listIn(filter.channels, language),
    listIn(filter.directions, language),
    linesIn(filter, language),
    filter.notLines === undefined
      ? ''
      : say(
          language,
          `不含${listIn(filter.notLines, language)}`,
          `not ${listIn(filter.notLines, language)}`,
        ),
    filter.effective === false ? say(language, '不含有效通话', 'no real talks') : '',
    filter.via === undefined ? '' : listIn(filter.via, language),
  ]
  return parts.filter((part) => part !== '').join(say(language, '；', '; '))
}

/** What counts whatever the line says stands first: a real talk, and a fate that nobody knows. */
function linesIn({ lines, effective }: EventFilter, language: Language): string {
  if (lines === undefined) return ''
  const talk = effective === false ? [] : [say(language, '有效通话', 'real talks')]
  const words = [...talk, ...lines.map((line) => wordIn(line, language))]
  return [...words, wordIn('unknown', language)].join(say(language, '、', ', '))
}

function holdIn({ hold, allow }: RuleOf<'hold'>, language: Language): string {
  const kept = [
    ...(allow.purposes ?? []).map((word) => wordIn(word, language)),
    ...(allow.relations ?? []).map((word) => wordIn(word, language)),
    ...(allow.reply === true ? [say(language, '回复对方', 'an answer to the person')] : []),
    ...(allow.consent === undefined ? [] : [consentIn(allow.consent, language)]),
    ...(allow.workPlaceConsent === true ? [consentIn('work-place', language)] : []),
    ...(allow.optOutConfirmation === true
      ? [say(language, '一次退订确认', 'one confirmation of an opt-out')]
      : []),
    ...(allow.locateOthers === true
      ? [say(language, '向他人寻找联系方式', 'asking others where the person is')]
      : []),
  ]
  const name = wordIn(hold, language)
  const still = kept.join(say(language, '、', ', '))
  return say(
    language,
    `停催期间（${name}）不得联系${still === '' ? '' : `，仍可：${still}`}`,
    `no contact while this hold is open: ${name}${still === '' ? '' : `; still allowed: ${still}`}`,
  )
}

function consentIn(kind: string, language: Language): string {
  return say(
    language,
    `有效的同意：${wordIn(kind, language)}`,
    `a valid consent to ${wordIn(kind, language)}`,
  )
}

function partyIn({ condition, title }: RuleOf<'party'>, language: Language): string {
  if (!('onlyAs' in condition)) return title[language]
  if (condition.onlyAs.length === 0) return say(language, '一律不得', 'never')
  const allowed = condition.onlyAs.map(({ relations, purposes }) =>
    [
      ...(relations === undefined ? [] : [listIn(relations, language)]),
      ...(purposes === undefined ? [] : [listIn(purposes, language)]),
    ].join(say(language, '，目的为', ', for ')),
  )
  return say(language, `只许：${allowed.join('；')}`, `only ${allowed.join('; ')}`)
}

function contentIn({ condition, title }: RuleOf<'content'>, language: Language): string {
  if ('contains' in condition) {
    const en = `the text must contain one of: ${listIn(condition.contains, language)}`
    return say(language, `内容须含：${listIn(condition.contains, language)}`, en)
  }
  if ('lacks' in condition) {
    const en = `the text must not contain: ${listIn(condition.lacks, language)}`
    return say(language, `内容不得含：${listIn(condition.lacks, language)}`, en)
  }
  if ('lacksPhrases' in condition) {
    const en = `the text must not say: ${listIn(condition.lacksPhrases, language)}`
    return say(language, `内容不得有：${listIn(condition.lacksPhrases, language)}`, en)
  }
  return title[language]
}

function conditionIn(rule: RuleOf<'point'> | RuleOf<'actor'>, language: Language): string {
  const { condition, title } = rule
  if ('notHealth' in condition) {
    const en = `the contact point must not be: ${listIn(condition.notHealth, language)}`
    return say(language, `联系方式不得为：${listIn(condition.notHealth, language)}`, en)
  }
  if ('source' in condition) {
    const en = `the contact point must come from: ${listIn(condition.source, language)}`
    return say(language, `联系方式来源须为：${listIn(condition.source, language)}`, en)
  }
  if ('consent' in condition) {
    return say(
      language,
      `须有${consentIn(condition.consent, 'zh')}`,
      `needs ${consentIn(condition.consent, 'en')}`,
    )
  }
  if ('personsMin' in condition) {
    return say(
      language,
      `至少 ${condition.personsMin} 人`,
      `at least ${condition.personsMin} persons`,
    )
  }
  if ('answeredWithinDays' in condition) {
    const days = condition.answeredWithinDays
    const en = `the point answered, or consent was given, within ${days} local days`
    return say(language, `${days} 个当地自然日内有回复或同意`, en)
  }
  if ('trainedWithinYears' in condition) {
    const years = condition.trainedWithinYears
    return say(language, `${years} 年内受过培训`, `trained within ${years} years`)
  }
  return title[language]
}

function appliesIn(applies: Applies, language: Language): string {
  const lists = [applies.channels, applies.purposes, applies.party, applies.relations]
  const more = [
    applies.actors,
    applies.via,
    applies.contentKinds,
    applies.anyProduct,
    applies.directions,
  ]
  const not = [
    ...(applies.notPurposes ?? []),
    ...(applies.notRelations ?? []),
    ...(applies.noProduct ?? []),
  ]
  const parts = [...lists, ...more].flatMap((words) =>
    words === undefined ? [] : listIn(words, language),
  )
  if (not.length > 0)
    parts.push(say(language, `不含${listIn(not, 'zh')}`, `not ${listIn(not, 'en')}`))
  if (applies.agency === true) parts.push(say(language, '外部机构', 'an outside agency'))
  if (applies.roles !== undefined) parts.push(applies.roles.join(', '))
  if (applies.pointWork === true)
    parts.push(say(language, '工作联系方式', 'a contact point at work'))
  if (applies.place !== undefined)
    parts.push(say(language, `地点：${applies.place}`, `place: ${applies.place}`))
  return parts.join(say(language, '；', '; '))
}

function unlessIn(exception: Unless, language: Language): string {
  if ('reply' in exception)
    return say(language, '是对对方来信的有效回复', 'it answers the person’s own message')
  if ('inboundEmailFromPoint' in exception)
    return say(language, '对方曾用该邮箱来信', 'the person wrote to us from this address')
  if ('everyDebtPastDueDays' in exception) {
    const days = exception.everyDebtPastDueDays
    return say(
      language,
      `每笔债务逾期超过 ${days} 天`,
      `every debt is more than ${days} days past due`,
    )
  }
  const consent = consentIn(exception.consent, language)
  if (!('forDays' in exception)) return consent
  return say(
    language,
    `${consent}（${exception.forDays} 天内）`,
    `${consent} (for ${exception.forDays} days)`,
  )
}
