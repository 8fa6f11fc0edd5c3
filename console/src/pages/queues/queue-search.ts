import { flagIn, oneOf, textIn } from '../../app/search.ts'

export const TABS = ['matters', 'holds', 'forgotten'] as const
export const KINDS = [
  'complaint',
  'dispute',
  'hardship',
  'bereavement',
  'death',
  'third-party-stop',
  'breathing-space',
] as const
export const STATES = ['waiting', 'decided', 'closed'] as const

/** The queue and its filters as they stand in the address. */
export type QueueSearch = {
  readonly tab?: (typeof TABS)[number] | undefined
  readonly kind?: (typeof KINDS)[number] | undefined
  readonly state?: (typeof STATES)[number] | undefined
  readonly mine?: true | undefined
  readonly late?: true | undefined
  readonly untold?: true | undefined
  /** The kind of a hold. */
  readonly hold?: string | undefined
}

export function readQueueSearch(search: Readonly<Record<string, unknown>>): QueueSearch {
  return {
    tab: oneOf(search, 'tab', TABS),
    kind: oneOf(search, 'kind', KINDS),
    state: oneOf(search, 'state', STATES),
    mine: flagIn(search, 'mine'),
    late: flagIn(search, 'late'),
    untold: flagIn(search, 'untold'),
    hold: textIn(search, 'hold'),
  }
}
