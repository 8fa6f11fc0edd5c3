import { type Answer, useAnswer } from '../../api/client.ts'

export type Evidence = Answer<'GET /console-api/evidence'>

/** While something runs, and otherwise. */
const EVERY_MS = { busy: 700, idle: 15_000 } as const

/** The log as it stands; asked again sooner while a verification runs. */
export function useEvidence() {
  const known = useAnswer('GET /console-api/evidence', {})
  const isBusy = known.data?.checks.some(({ state }) => state === 'running') === true
  return useAnswer('GET /console-api/evidence', {}, { everyMs: EVERY_MS[isBusy ? 'busy' : 'idle'] })
}
