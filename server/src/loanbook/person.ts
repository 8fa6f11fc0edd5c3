import { z } from 'zod'
import type { Sealer } from '../platform/seal/index.ts'

const personSchema = z.object({ name: z.string(), idNo: z.string().default('') })

/** Who a borrower or a party is, as an import sealed it; an empty text is what was not given. */
export function openPerson(sealer: Sealer, sealed: Buffer): z.infer<typeof personSchema> {
  return personSchema.parse(JSON.parse(sealer.open(sealed)))
}
