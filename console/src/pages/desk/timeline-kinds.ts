import type { TimelineItem } from '@dunlin/contract'

/** Kinds of what a timeline holds, as its filter offers them. */
export const TIMELINE_KINDS: readonly TimelineItem['kind'][] = [
  ...(['contact', 'message', 'payment', 'promise', 'hold', 'note', 'matter', 'case'] as const),
]
