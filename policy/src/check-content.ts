import { addDays, type EpochDay, localDay, parseInstant, weekday } from '@dunlin/kernel'
import type { Check } from './check-time.ts'
import { rememberLast } from './content/remember-last.ts'
import type { Lexicons, Matcher } from './lexicons.ts'
import { isLimitedContent } from './limited-content.ts'
import { normaliseText } from './normalise-text.ts'
import type { RuleOf } from './pack.ts'
import { eventsOf, type Scene } from './scene.ts'

// What a message must and must not say. A text is only read in a language the lexicons have.

type Condition = RuleOf<'content'>['condition']
type Lacks = Extract<Condition, { lacks: unknown }>

export function checkContent({ condition }: RuleOf<'content'>, lexicons: Lexicons): Check {
  if ('lacks' in condition) return { violated: checkLacks(condition, lexicons) }
  if ('contains' in condition) {
    const matchers = condition.contains.map(lexicons.matcher)
    return { violated: reading((text, language) => !matchesAny(matchers, text, language)) }
  }
  if ('lacksPhrases' in condition) return { violated: checkPhrases(condition, lexicons) }
  if ('first' in condition) {
    const first = condition.first.map(lexicons.matcher)
    const afterwards = condition.afterwards.map(lexicons.matcher)
    return {
      violated: reading((text, language, scene) =>
        hasBeenReached(scene)
          ? !matchesAny(afterwards, text, language)
          : !first.every((matches) => matches(text, language)),
      ),
    }
  }
  return { violated: checkForm(condition) }
}

/** Conditions on the kind of a message rather than on its words. */
function checkForm(
  condition: Exclude<
    Condition,
    { lacks: unknown } | { lacksPhrases: unknown } | { contains: unknown } | { first: unknown }
  >,
): Check['violated'] {
  if ('notPublic' in condition) {
    return ({ channel, intent }) =>
      channel === 'social-public' || intent.content?.kind === 'public-notice'
  }
  if ('notKinds' in condition) {
    return ({ intent }) =>
      intent.content?.kind !== undefined && condition.notKinds.includes(intent.content.kind)
  }
  if ('onlyPurposes' in condition) {
    return ({ purpose }) => !condition.onlyPurposes.includes(purpose)
  }
  return (scene) => !isLimitedContent(scene)
}

function checkPhrases(
  { lacksPhrases }: Extract<Condition, { lacksPhrases: unknown }>,
  { phrases }: Lexicons,
): Check['violated'] {
  for (const list of lacksPhrases) if (!phrases.has(list)) throw new Error(`no phrases ${list}`)
  const matchers = lacksPhrases.map(phrases.matcher)
  return reading((text) => {
    for (const matches of matchers) if (matches(text)) return true
    return false
  })
}

type Reading = (text: string, language: string, scene: Scene) => boolean

/** Without a text there is nothing to read; a text without a language is a missing fact. */
function reading(isWrong: Reading): Check['violated'] {
  return (scene) => {
    const { text, language } = scene.intent.content ?? {}
    return text !== undefined && language !== undefined && isWrong(text, language, scene)
  }
}

function matchesAny(matchers: readonly Matcher[], text: string, language: string): boolean {
  for (const matches of matchers) if (matches(text, language)) return true
  return false
}

function checkLacks(condition: Lacks, lexicons: Lexicons): Check['violated'] {
  const matchers = condition.lacks.map(lexicons.matcher)
  const unverified = condition.unverified?.map(lexicons.matcher)
  const { digitsMin = 0 } = condition
  const read = textReader(condition, lexicons)
  const isAsked = whenAsked(condition)
  return reading((given, language, scene) => {
    if (!isAsked(scene)) return false
    const text = read(given, language)
    if (hasDigits(text, digitsMin) && matchesAny(matchers, text, language)) return true
    if (condition.partyNames === true && namesAnyone(scene, text)) return true
    if (unverified === undefined || scene.intent.identity !== 'unverified') return false
    return matchesAny(unverified, text, language)
  })
}

function hasDigits(text: string, digitsMin: number): boolean {
  let digits = 0
  for (let index = 0; index < text.length && digits < digitsMin; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x30 && code <= 0x39) digits += 1
  }
  return digits >= digitsMin
}

/** Several rules read one text in turn; it is normalised once. */
const normalised = rememberLast(normaliseText)

function textReader(
  { normalise, timeBarredBut }: Lacks,
  lexicons: Lexicons,
): (text: string, language: string) => string {
  if (normalise === true) return normalised
  if (timeBarredBut === undefined) return (text) => text
  return (text, language) =>
    lexicons.without(timeBarredBut, text, language === 'en' ? 'en' : 'zh-CN')
}

function whenAsked({ duringValidation, timeBarredBut }: Lacks): (scene: Scene) => boolean {
  if (duringValidation === true) return isInValidation
  if (timeBarredBut === undefined) return () => true
  return (scene) => scene.debts.some((debt) => debt?.timeBarred === true)
}

function namesAnyone(scene: Scene, text: string): boolean {
  return scene.prepared.facts.parties.some(
    ({ name }) => name !== undefined && name !== '' && text.includes(name),
  )
}

/** Something of ours has reached this very person before; an event that names nobody proves nothing. */
function hasBeenReached(scene: Scene): boolean {
  return eventsOf(scene).some(
    (event) =>
      event.direction !== 'inbound' &&
      event.party !== undefined &&
      event.party === scene.party?.id &&
      (event.effective || event.line === 'delivered'),
  )
}

const RECEIPT_DAYS = 5
const VALIDATION_DAYS = 30
const [SATURDAY, SUNDAY] = [6, 7]

/** 12 CFR 1006.34(b)(5): receipt on the fifth working day after sending, then thirty calendar days. */
function isInValidation(scene: Scene): boolean {
  return scene.debts.some((debt) => {
    const sentAt = debt?.validationSentAt === undefined ? null : parseInstant(debt.validationSentAt)
    if (sentAt === null || scene.t < sentAt) return false
    return scene.clocks.some(
      ({ zone, day }) => day <= receivedOn(scene, localDay(zone, sentAt)) + VALIDATION_DAYS,
    )
  })
}

function receivedOn(scene: Scene, sentOn: EpochDay): EpochDay {
  let day = sentOn
  for (let counted = 0; counted < RECEIPT_DAYS; ) {
    day = addDays(day, 1)
    const isWeekend = weekday(day) === SATURDAY || weekday(day) === SUNDAY
    if (!isWeekend && !scene.prepared.holidays.has(day)) counted += 1
  }
  return day
}
