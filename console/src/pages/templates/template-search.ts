import { oneOf, textIn } from '../../app/search.ts'

export const TABS = ['preview', 'drafts', 'versions'] as const
export const CHANNELS = ['sms', 'email', 'wecom', 'letter', 'robot-call'] as const

/** The filters of the list as they stand in the address. */
export type TemplateListSearch = {
  readonly channel?: (typeof CHANNELS)[number] | undefined
  readonly find?: string | undefined
}

export function readTemplateListSearch(search: Record<string, unknown>): TemplateListSearch {
  return { channel: oneOf(search, 'channel', CHANNELS), find: textIn(search, 'find') }
}

/** What of a template is shown. */
export type TemplateSearch = { readonly tab?: (typeof TABS)[number] | undefined }

export function readTemplateSearch(search: Record<string, unknown>): TemplateSearch {
  return { tab: oneOf(search, 'tab', TABS) }
}
