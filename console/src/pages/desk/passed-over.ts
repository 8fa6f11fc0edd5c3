import type { DeskScope } from '@dunlin/contract'

// What a person chose for the worklist, and whom they passed over, for as long as the tab lives.

const PASSED_MAX = 50
const KEY = 'dunlin.desk'
let passed: readonly string[] = []

/** Somebody who was passed over is not next again until the tab is loaded anew. */
export function passOver(caseId: string): void {
  passed = [...passed.filter((each) => each !== caseId), caseId].slice(-PASSED_MAX)
}

export function keepScope(scope: DeskScope | undefined): void {
  if (scope === undefined) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, scope)
}

/** What is asked of the server when the next case is wanted. */
export function nextAsked(): { not: string[]; scope?: DeskScope } {
  const kept = sessionStorage.getItem(KEY)
  const scope = SCOPES.find((each) => each === kept)
  return { not: [...passed], ...(scope === undefined ? {} : { scope }) }
}

export const SCOPES: readonly DeskScope[] = ['mine', 'team', 'all']
