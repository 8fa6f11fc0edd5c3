import { openWithKey, type Sealer } from '../platform/seal/index.ts'
import type { CaseDecision } from './evidence-store.ts'
import { type Payload, readPayload } from './model/verify-evidence.ts'

/** The payload of a decision in plain, or the words that say that it was erased at the end of its retention. */
export function openPayload(
  sealer: Sealer,
  { sealed, keySalt }: Pick<CaseDecision, 'sealed' | 'keySalt'>,
): Payload | 'payload erased' {
  if (sealed === null || keySalt === null) return 'payload erased'
  return readPayload(openWithKey(sealer.payloadKey(keySalt), sealed))
}
