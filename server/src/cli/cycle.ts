import { parseLocalDate } from '@dunlin/kernel'
import { judgeOverduePromises } from '../plans/index.ts'
import { type CycleOptions, type CycleSummary, runCycle, runCycleToday } from '../strategy/index.ts'
import { EXIT, type Io } from './io.ts'

export type CycleCommand = Omit<CycleOptions, 'asOf'> & {
  readonly asOf?: string | undefined
  readonly json: boolean
}

/** `dunlin cycle [--as-of DATE]`: plans that day, or today in each portfolio's zone, and prints counts by stage, channel and verdict. */
export async function runCycleCommand(command: CycleCommand, io: Io): Promise<number> {
  const asOf = command.asOf === undefined ? undefined : parseLocalDate(command.asOf)
  if (asOf === null) {
    io.error(`--as-of ${command.asOf} is no date: expected YYYY-MM-DD`)
    return EXIT.usage
  }
  // Promises are judged by the clock alone: a day that is named is only looked at.
  if (asOf === undefined) await judgeOverduePromises(command.db, command)
  const summaries =
    asOf === undefined ? await runCycleToday(command) : [await runCycle({ ...command, asOf })]
  if (summaries.length === 0) io.error('there is no portfolio yet: add one with dunlin apply')
  for (const summary of summaries) report(summary, command.json, io)
  return EXIT.ok
}

function report(summary: CycleSummary, json: boolean, io: Io): void {
  const rows = Object.entries(summary.planned).map(([key, count]) => {
    const [stage = '', channel = ''] = key.split(' ')
    return { stage, channel, verdict: 'planned', count }
  })
  if (json) {
    io.out(JSON.stringify({ ...summary, planned: rows }))
    return
  }
  const { opened, updated, cured, closed } = summary.cases
  io.out(
    `loans folded ${summary.folded}; cases opened ${opened}, changed ${updated}, cured ${cured}, closed ${closed}`,
  )
  io.out(`cases looked at ${summary.looked}; steps without a contact point ${summary.unreachable}`)
  for (const { stage, channel, verdict, count } of rows)
    io.out(`  ${stage}\t${channel}\t${verdict}\t${count}`)
}
