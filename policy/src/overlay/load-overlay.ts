import { compilePolicy, type Policy } from '../compile.ts'
import type { Pack } from '../pack.ts'

/**
 * A base with overlays on top, each over all before it. An overlay may add rules and lower the numbers
 * of caps; anything that would permit more fails with the rule named, so that loading it is the proof.
 */
export function loadOverlay(
  base: readonly Pack[],
  overlays: Pack | readonly Pack[],
  hash = '',
): Policy {
  const below = [...base]
  for (const overlay of [overlays].flat()) {
    assertTightens(below, overlay)
    below.push(overlay)
  }
  return compilePolicy(below, hash)
}

function assertTightens(below: readonly Pack[], overlay: Pack): void {
  if (overlay.kind !== 'overlay') throw new Error(`pack ${overlay.id} is no overlay`)
  const known = new Map(below.flatMap((pack) => pack.rules.map((rule) => [rule.id, pack.id])))
  for (const { id } of overlay.rules) {
    const owner = known.get(id)
    if (owner !== undefined) {
      throw new Error(`overlay ${overlay.id} may not replace rule ${id} of pack ${owner}`)
    }
  }
}
