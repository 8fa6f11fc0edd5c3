import type { DeskScope } from '@dunlin/contract'
import { SCOPES } from './passed-over.ts'

export type DeskSearch = {
  readonly scope?: DeskScope | undefined
  /** Somebody came here because nobody was left. */
  readonly left?: boolean | undefined
}

export function readDeskSearch(search: Record<string, unknown>): DeskSearch {
  return {
    scope: SCOPES.find((each) => each === search.scope),
    left: search.left === true ? true : undefined,
  }
}
