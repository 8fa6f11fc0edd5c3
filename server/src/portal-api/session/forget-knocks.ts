import { type Instant, instant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import { KNOCKS_KEPT_MS } from '../limits.ts'
import { forgetKnocks } from './session-store.ts'

/** Forgets who knocked once it no longer counts; how many. */
export function forgetOldKnocks(db: Database, at: Instant): Promise<number> {
  return forgetKnocks(db, instant(at - KNOCKS_KEPT_MS))
}
