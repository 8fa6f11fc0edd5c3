import { compilePolicy, type Policy } from './compile.ts'
import type { Pack } from './pack.ts'

/**
 * A base with an overlay on top. An overlay may add rules and lower the numbers of caps; anything
 * that would permit more fails with the rule named, so that loading it is the proof.
 */
export function loadOverlay(base: readonly Pack[], overlay: Pack, hash = ''): Policy {
  if (overlay.kind !== 'overlay') throw new Error(`pack ${overlay.id} is no overlay`)
  const known = new Map(base.flatMap((pack) => pack.rules.map((rule) => [rule.id, pack.id])))
  for (const { id } of overlay.rules) {
    const owner = known.get(id)
    if (owner !== undefined) {
      throw new Error(`overlay ${overlay.id} may not replace rule ${id} of pack ${owner}`)
    }
  }
  return compilePolicy([...base, overlay], hash)
}
