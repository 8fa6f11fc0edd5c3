import type { Command } from 'commander'
import type { World } from '../main.ts'
import type { Io } from './io.ts'

/** `dunlin portal …` */
export function definePortal(
  program: Command,
  given: {
    readonly withWorld: (work: (world: World) => Promise<number>) => Promise<void>
    readonly io: Io
  },
): void {
  program
    .command('portal')
    .description('the borrower’s portal')
    .command('link <case>')
    .description('print a signed link, good for 30 days, to the page of the borrower of a case')
    .action(async (caseId: string) => {
      const { runPortalLink } = await import('./portal.ts')
      await given.withWorld((world) => runPortalLink({ world, caseId }, given.io))
    })
}
