import { z } from 'zod'
import {
  CHANNEL_GROUPS,
  CHANNELS,
  CONSENT_KINDS,
  CONTENT_KINDS,
  HEALTHS,
  HOLD_KINDS,
  LINES,
  PERSONS,
  PURPOSES,
  RELATIONS,
  ROLES,
  SEVERITIES,
  SOURCES,
  VIAS,
  WEEKDAYS,
} from './vocabulary.ts'

// The algebra of rules. Nine kinds, each a small closed form, so that a policy can be shown,
// compared and searched for its earliest lawful moment.

const channelWord = z.enum([...CHANNELS, ...CHANNEL_GROUPS])
const purposeWord = z.enum([...PURPOSES, 'collection'])
const range = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
const text = z.strictObject({ zh: z.string(), en: z.string() })

/** Which intents a rule is about; every key given must hold. */
const applies = z.strictObject({
  channels: z.array(channelWord).optional(),
  purposes: z.array(purposeWord).optional(),
  notPurposes: z.array(purposeWord).optional(),
  party: z.array(z.enum(PERSONS)).optional(),
  relations: z.array(z.enum(RELATIONS)).optional(),
  notRelations: z.array(z.enum(RELATIONS)).optional(),
  directions: z.array(z.enum(['outbound', 'reply'])).optional(),
  via: z.array(z.enum(VIAS)).optional(),
  contentKinds: z.array(z.enum(CONTENT_KINDS)).optional(),
  notContentKinds: z.array(z.enum(CONTENT_KINDS)).optional(),
  actors: z.array(z.enum(['agent', 'robot'])).optional(),
  agency: z.literal(true).optional(),
  roles: z.array(z.enum(ROLES)).optional(),
  hasPoint: z.literal(true).optional(),
  pointWork: z.boolean().optional(),
  place: z.enum(['work', 'not-work']).optional(),
  anyProduct: z.array(z.string()).optional(),
  noProduct: z.array(z.string()).optional(),
})
export type Applies = z.infer<typeof applies>

const unless = z.union([
  z.strictObject({ reply: z.literal(true) }),
  z.strictObject({ consent: z.enum(CONSENT_KINDS) }),
  z.strictObject({ consent: z.literal('more-calls'), forDays: z.number().int().positive() }),
  z.strictObject({ inboundEmailFromPoint: z.literal(true) }),
  z.strictObject({ everyDebtPastDueDays: z.number().int().positive() }),
])
export type Unless = z.infer<typeof unless>

const eventFilter = z.strictObject({
  directions: z.array(z.enum(['outbound', 'reply', 'inbound'])),
  channels: z.array(channelWord).optional(),
  /** Lines that count; absent: every line. An unknown fate always counts. */
  lines: z.array(z.enum(LINES)).optional(),
  notLines: z.array(z.enum(LINES)).optional(),
  /** Whether a two-way talk counts whatever its line (default true). */
  effective: z.boolean().optional(),
  via: z.array(z.enum(VIAS)).optional(),
  pointWork: z.boolean().optional(),
  /** Leaves out events to points of this health. */
  notHealth: z.array(z.enum(HEALTHS)).optional(),
  /** Leaves out calls made under a consent to more calls that lasts so many days. */
  notUnderConsentForDays: z.number().int().positive().optional(),
})
export type EventFilter = z.infer<typeof eventFilter>

const scope = z.enum(['party', 'contact-point', 'party+debt', 'agent+party'])
const period = z.union([
  z.strictObject({ calendarDays: z.number().int().positive() }),
  z.strictObject({ calendar: z.enum(['week', 'month']) }),
  z.strictObject({ rollingSeconds: z.number().int().positive() }),
  z.strictObject({ hoursSinceInbound: z.number().int().positive() }),
  z.strictObject({ ever: z.literal(true) }),
])
export type Period = z.infer<typeof period>

const common = {
  id: z.string().regex(/^[a-z0-9.-]+$/),
  title: text,
  cite: z.strictObject({
    instrument: z.string(),
    basis: z.enum(['quoted', 'secondary', 'lender']),
    note: z.string().optional(),
  }),
  severity: z.enum(SEVERITIES).default('forbid'),
  applies: applies.default({}),
  unless: z.array(unless).default([]),
  from: z.string().optional(),
  to: z.string().optional(),
}

const windowRule = z.strictObject({
  kind: z.literal('window'),
  ...common,
  hours: z
    .array(z.strictObject({ days: z.array(z.enum(WEEKDAYS)).optional(), ranges: z.array(range) }))
    .min(1),
  /** Dates in borrower.holidays: closed, or these ranges; absent: like any other day. */
  holidays: z.union([z.literal('closed'), z.array(range)]).optional(),
})
/** What must hold besides the count for a cap to bind. */
const onlyIf = z.union([
  /** Now and every event counted fall on a Sunday or a public holiday. */
  z.strictObject({ allOnDaysOff: z.literal(true) }),
  /** So many events of another kind to the party lie in the period too. */
  z.strictObject({ alsoAtLeast: z.number().int().positive(), events: eventFilter }),
  /** The party's history holds an event of this kind. */
  z.strictObject({ hasHad: eventFilter }),
])
export type OnlyIf = z.infer<typeof onlyIf>
const capRule = z.strictObject({
  kind: z.literal('cap'),
  ...common,
  max: z.union([z.number().int().nonnegative(), z.literal('days-in-month')]),
  events: eventFilter,
  scope,
  period,
  perCollector: z.boolean().default(false),
  onlyIf: onlyIf.optional(),
})
const gapRule = z.strictObject({
  kind: z.literal('gap'),
  ...common,
  daysAfterEvent: z.number().int().positive(),
  /** What the days are counted from: past events, or the written notice of every debt. */
  after: z.enum(['events', 'notice']).default('events'),
  events: eventFilter.default({ directions: [] }),
  scope: scope.default('party'),
  perCollector: z.boolean().default(false),
})
const partyRule = z.strictObject({
  kind: z.literal('party'),
  ...common,
  condition: z.union([
    /** Refused, but for these. */
    z.strictObject({
      onlyAs: z.array(
        z.strictObject({
          relations: z.array(z.enum(RELATIONS)).optional(),
          purposes: z.array(z.enum(PURPOSES)).optional(),
        }),
      ),
    }),
    z.strictObject({ onceUnreachable: z.literal(true) }),
    z.strictObject({ oneBorrowerAudience: z.literal(true) }),
  ]),
})
const holdRule = z.strictObject({
  kind: z.literal('hold'),
  ...common,
  /** A kind of recorded hold, or the dispute that a debt itself carries. */
  hold: z.enum([...HOLD_KINDS, 'validation-dispute']),
  allow: z
    .strictObject({
      purposes: z.array(z.enum(PURPOSES)).optional(),
      relations: z.array(z.enum(RELATIONS)).optional(),
      reply: z.literal(true).optional(),
      consent: z.enum(CONSENT_KINDS).optional(),
      workPlaceConsent: z.literal(true).optional(),
      optOutConfirmation: z.literal(true).optional(),
      locateOthers: z.literal(true).optional(),
    })
    .default({}),
})
const pointRule = z.strictObject({
  kind: z.literal('point'),
  ...common,
  condition: z.union([
    z.strictObject({ belongsToParty: z.literal(true) }),
    z.strictObject({ notHealth: z.array(z.enum(HEALTHS)) }),
    z.strictObject({ source: z.array(z.enum(SOURCES)) }),
    z.strictObject({ providerTakesCollection: z.literal(true) }),
    z.strictObject({ consentAtPlaces: z.array(z.enum(['home', 'work'])) }),
    z.strictObject({ consent: z.enum(CONSENT_KINDS) }),
    z.strictObject({ notEmployerForbidden: z.literal(true) }),
    z.strictObject({ notWork: z.literal(true) }),
    z.strictObject({ answeredWithinDays: z.number().int().positive() }),
  ]),
})
const actorRule = z.strictObject({
  kind: z.literal('actor'),
  ...common,
  condition: z.union([
    z.strictObject({ certified: z.literal(true) }),
    z.strictObject({ listed: z.literal(true) }),
    z.strictObject({ companyDevice: z.literal(true) }),
    z.strictObject({ personsMin: z.number().int().positive() }),
    z.strictObject({ trainedWithinYears: z.number().int().positive() }),
  ]),
})
const contentRule = z.strictObject({
  kind: z.literal('content'),
  ...common,
  condition: z.union([
    z.strictObject({ contains: z.array(z.string()).min(1) }),
    z.strictObject({
      lacks: z.array(z.string()),
      normalise: z.literal(true).optional(),
      /** Only texts with so many digits can match: the others are not read. */
      digitsMin: z.number().int().positive().optional(),
      /** Lacks these too while the listener is not identified. */
      unverified: z.array(z.string()).optional(),
      /** Lacks the names of the parties too. */
      partyNames: z.literal(true).optional(),
      /** Only while the validation period of a debt runs. */
      duringValidation: z.literal(true).optional(),
      /** Only for time-barred debts, after taking out what this lexicon matches. */
      timeBarredBut: z.string().optional(),
    }),
    /** Says nothing that stands in these lists of phrases, plain or in disguise. */
    z.strictObject({ lacksPhrases: z.array(z.string()).min(1) }),
    /** Every one of `first` until the party has been reached once, any one of `afterwards` from then on. */
    z.strictObject({ first: z.array(z.string()).min(1), afterwards: z.array(z.string()).min(1) }),
    z.strictObject({ notPublic: z.literal(true) }),
    z.strictObject({ notKinds: z.array(z.enum(CONTENT_KINDS)) }),
    z.strictObject({ onlyPurposes: z.array(z.enum(PURPOSES)) }),
    z.strictObject({ limitedContent: z.literal(true) }),
  ]),
})
const dutyRule = z.strictObject({
  kind: z.literal('duty'),
  ...common,
  /** Only while nobody of ours has been in touch with this party before. */
  firstContact: z.literal(true).optional(),
  /** Only while some debt of the intent has had no validation information. */
  lackingValidation: z.literal(true).optional(),
})

const ruleSchema = z.discriminatedUnion('kind', [
  windowRule,
  capRule,
  gapRule,
  partyRule,
  holdRule,
  pointRule,
  actorRule,
  contentRule,
  dutyRule,
])
export type Rule = z.infer<typeof ruleSchema>
export type RuleOf<Kind extends Rule['kind']> = Extract<Rule, { kind: Kind }>

const lexicon = z.strictObject({
  'zh-CN': z.string(),
  en: z.string(),
  caseSensitive: z.boolean().optional(),
})

/** `…` stands for a few characters within a sentence, `(a|b)` for one of several. */
const phraseList = z.strictObject({
  'zh-CN': z.array(z.string().min(1)).default([]),
  en: z.array(z.string().min(1)).default([]),
  /** Syllables apart; written together and apart they are the same. `老赖=lao lai` stands for every mixture of the two. */
  pinyin: z.array(z.string().min(1)).default([]),
  /** A warning that, standing before it in its sentence, excuses a phrase. */
  unless: z.array(z.string().min(1)).default([]),
  /** A denial that, standing before it in its clause, excuses a phrase. */
  unlessNear: z.array(z.string().min(1)).default([]),
  /** A judgement that, standing after it in its sentence, excuses a phrase. */
  unlessAfter: z.array(z.string().min(1)).default([]),
})

const packSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string(),
  title: text,
  jurisdiction: z.string(),
  kind: z.enum(['base', 'addon', 'overlay']),
  /** The one zone of the country, where it has one. */
  zone: z.string().optional(),
  country: z.string().optional(),
  /** How long an inbound message allows answers. */
  reply: z
    .union([
      z.strictObject({ hours: z.number().positive() }),
      z.strictObject({ sameDayOnce: z.literal(true) }),
    ])
    .default({ hours: 2 }),
  consentGivenTo: z.literal('collector').optional(),
  /** A text in another language is a missing fact. */
  languages: z.array(z.string()).optional(),
  testOnly: z.boolean().optional(),
  stopWords: z.array(z.string()).optional(),
  rules: z.array(ruleSchema),
  /** Overlays: numbers of base rules that this one lowers. */
  tighten: z
    .array(z.strictObject({ rule: z.string(), max: z.number().int().nonnegative() }))
    .optional(),
  lexicons: z.record(z.string(), lexicon).default({}),
  phrases: z.record(z.string(), phraseList).default({}),
})
/** A file of rules: cited data, dated, whole. */
export type Pack = z.infer<typeof packSchema>

/** A pack from parsed YAML or JSON; throws an error that names the place. */
export function parsePack(value: unknown): Pack {
  const parsed = packSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`pack: ${z.prettifyError(parsed.error)}`)
}

/** JSON Schema of a pack file, for editors. */
export function packJsonSchema(): unknown {
  return z.toJSONSchema(packSchema, { io: 'input' })
}
