import { childText, readXml } from './read-xml.ts'

/** What a callback says, as far as it concerns us. */
export type WecomEvent =
  | {
      readonly kind: 'added'
      readonly userid: string
      readonly externalUserid: string
      /** The token of the way by which the customer came; empty without one. */
      readonly state: string
      readonly welcomeCode: string | null
      readonly createdSeconds: number
    }
  /** The customer deleted the member. */
  | { readonly kind: 'removed'; readonly userid: string; readonly externalUserid: string }
  | { readonly kind: 'kf'; readonly openKfid: string; readonly token: string }
  | { readonly kind: 'group'; readonly chatId: string; readonly isDismissed: boolean }
  | { readonly kind: 'other' }

/** Null when it is no callback of theirs. */
export function readEvent(message: string): WecomEvent | null {
  const root = readXml(message)
  if (root === null || root.name !== 'xml') return null
  const field = (name: string): string => childText(root, name)
  switch (field('Event')) {
    case 'change_external_contact':
      return readContactChange(field)
    case 'kf_msg_or_event':
      return { kind: 'kf', openKfid: field('OpenKfId'), token: field('Token') }
    case 'change_external_chat': {
      const isDismissed = field('ChangeType') === 'dismiss'
      return { kind: 'group', chatId: field('ChatId'), isDismissed }
    }
    default:
      return { kind: 'other' }
  }
}

function readContactChange(field: (name: string) => string): WecomEvent {
  const who = { userid: field('UserID'), externalUserid: field('ExternalUserID') }
  switch (field('ChangeType')) {
    case 'add_external_contact':
    case 'add_half_external_contact': {
      const code = field('WelcomeCode')
      return {
        kind: 'added',
        ...who,
        state: field('State'),
        welcomeCode: code === '' ? null : code,
        createdSeconds: Number(field('CreateTime')) || 0,
      }
    }
    case 'del_follow_user':
      return { kind: 'removed', ...who }
    default:
      return { kind: 'other' }
  }
}
