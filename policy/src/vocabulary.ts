/** The closed words of facts, intents and packs. `as const` arrays, so that a schema and a type are one. */
export const CHANNELS = [
  'call',
  'robot-call',
  'sms',
  'email',
  'wecom',
  'wecom-group',
  'wecom-moment',
  'letter',
  'visit',
  'push',
  'social-public',
] as const
export type Channel = (typeof CHANNELS)[number]

export const PURPOSES = [
  'collect',
  'locate',
  'service',
  'legal-notice',
  'incentive',
  'education',
  'validation',
] as const
export type Purpose = (typeof PURPOSES)[number]

export const RELATIONS = [
  'borrower',
  'co-borrower',
  'guarantor',
  'spouse',
  'reserved-contact',
  'relative',
  'employer',
  'colleague',
  'attorney',
  'executor',
  'other',
] as const
export type Relation = (typeof RELATIONS)[number]

export const LINES = [
  'no-answer',
  'busy',
  'invalid',
  'not-connected',
  'connected',
  'voicemail',
  'delivered',
  'failed',
  'unknown',
] as const
export type Line = (typeof LINES)[number]

export const HOLD_KINDS = [
  'dispute',
  'hardship',
  'attorney',
  'cease',
  'channel-stop',
  'breathing-space',
  'bankruptcy',
  'deceased',
  'bereavement',
  'complaint',
  'disaster',
  'inconvenient-time',
  'inconvenient-place',
  'plan-active',
  'third-party-stop',
] as const
export type HoldKind = (typeof HOLD_KINDS)[number]

export const CONSENT_KINDS = [
  'contact-outside-hours',
  'more-calls',
  'work-place',
  'work-email',
  'third-party',
  'electronic',
  'after-cease',
  'robot-call',
  'premises',
] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]

export const CONTENT_KINDS = [
  'reminder',
  'demand',
  'notice',
  'script',
  'reply',
  'validation-notice',
  'limited-content',
  'opt-out-confirmation',
  'location-request',
  'envelope',
  'postcard',
  'public-notice',
  'post',
] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]

export const POINT_KINDS = ['phone', 'email', 'wecom', 'address', 'push'] as const
export const HEALTHS = ['ok', 'suspect', 'dead', 'wrong-person', 'recycled'] as const
export const SOURCES = [
  'contract',
  'borrower',
  'authorised',
  'public',
  'reserved-contact',
  'bureau',
  'unknown',
] as const
export const ROLES = ['debt-collector', 'original-creditor', 'servicer-current'] as const
export const VIAS = ['mass', 'kf', 'chat'] as const
export const PLACES = ['home', 'work', 'other'] as const
export const SEVERITIES = ['forbid', 'should-not', 'presumption', 'advise'] as const
/** Who a person is to the debts of an intent; `spouse` is the relation, whoever owes. */
export const PERSONS = ['obligor', 'representative', 'third', 'consumer', 'spouse'] as const
export type Person = (typeof PERSONS)[number]
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const CHANNEL_GROUPS = ['voice', 'electronic', 'live', 'broadcast'] as const
export type ChannelGroup = (typeof CHANNEL_GROUPS)[number]
export type Severity = (typeof SEVERITIES)[number]

const VOICE: readonly Channel[] = ['call', 'robot-call']
const ELECTRONIC: readonly Channel[] = ['sms', 'email', 'push', 'wecom', 'wecom-group']
const GROUPS: Readonly<Record<ChannelGroup, readonly Channel[]>> = {
  voice: VOICE,
  electronic: ELECTRONIC,
  live: [...VOICE, ...ELECTRONIC, 'visit'],
  broadcast: ['wecom-moment', 'social-public'],
}

export function channelsOf(word: Channel | ChannelGroup): readonly Channel[] {
  return isGroup(word) ? GROUPS[word] : [word]
}

function isGroup(word: Channel | ChannelGroup): word is ChannelGroup {
  return CHANNEL_GROUPS.some((group) => group === word)
}

export function isVoice(channel: Channel): boolean {
  return channel === 'call' || channel === 'robot-call'
}

export function isElectronic(channel: Channel): boolean {
  return ELECTRONIC.includes(channel)
}

export function isBroadcast(channel: Channel): boolean {
  return channel === 'wecom-moment' || channel === 'social-public'
}

/** Call and robot-call are one medium; every other channel is its own. */
export function isSameMedium(a: Channel, b: Channel): boolean {
  return a === b || (isVoice(a) && isVoice(b))
}
