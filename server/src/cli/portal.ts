import { z } from 'zod'
import { makePortalUrl } from '../channels/portal-token.ts'
import type { World } from '../main.ts'
import { findCaseBorrower } from '../portal-api/index.ts'
import { EXIT, type Io } from './io.ts'

const caseIdShape = z.string().regex(/^\d{1,18}$/)

/** Prints a link to the portal of the borrower of a case; a code is asked for behind it. */
export async function runPortalLink(
  { world, caseId }: { readonly world: World; readonly caseId: string },
  io: Io,
): Promise<number> {
  const parsed = caseIdShape.safeParse(caseId)
  const borrowerId = parsed.success ? await findCaseBorrower(world.db, parsed.data) : null
  if (borrowerId === null) {
    io.error(`there is no case ${caseId}`)
    return EXIT.usage
  }
  const { gate, clock } = world
  const { publicUrl } = gate
  io.out(makePortalUrl(gate.sealer, { publicUrl, borrowerId, at: clock.now() }))
  return EXIT.ok
}
