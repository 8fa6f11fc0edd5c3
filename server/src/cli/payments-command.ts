import type { Command } from 'commander'
import type { World } from '../main.ts'
import type { Io } from './io.ts'

/** `dunlin payments …` */
export function definePayments(
  program: Command,
  {
    withWorld,
    isJson,
    io,
  }: {
    readonly withWorld: (work: (world: World) => Promise<number>) => Promise<void>
    readonly isJson: () => boolean
    readonly io: Io
  },
): void {
  program
    .command('payments')
    .description('what borrowers pay through WeChat Pay')
    .command('reconcile')
    .description('compare a day’s bill with our orders, to the cent')
    .option('--date <date>', 'the day of the bill; yesterday when absent')
    .option('--account <name>', 'the account; the first of WeChat Pay when absent')
    .action(async ({ date, account }: { date?: string; account?: string }) => {
      const { runReconcile } = await import('./payments.ts')
      await withWorld((world) => runReconcile({ world, date, account, json: isJson() }, io))
    })
}
