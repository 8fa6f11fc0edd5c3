import { type Asker, reachOf } from '../context.ts'

/** The team that somebody gives cases within; null: everybody's. One without a team gives within none. */
export function teamOf(asker: Asker): string | null {
  return reachOf(asker).isWide ? null : (asker.teamId ?? '0')
}
