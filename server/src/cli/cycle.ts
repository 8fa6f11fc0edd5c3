import { localDay, parseLocalDate, required, zoneNamed } from '@dunlin/kernel'
import { type CycleOptions, type CycleSummary, runCycle } from '../strategy/index.ts'
import { EXIT, type Io } from './io.ts'

export type CycleCommand = Omit<CycleOptions, 'asOf'> & {
  readonly asOf?: string | undefined
  readonly json: boolean
}

/** Without --as-of a cycle is of today in the first market's zone. */
const DEFAULT_ZONE = 'Asia/Shanghai'

/** `dunlin cycle [--as-of DATE]`: plans the day and prints counts by stage, channel and verdict. */
export async function runCycleCommand(command: CycleCommand, io: Io): Promise<number> {
  const zone = required(zoneNamed(DEFAULT_ZONE), DEFAULT_ZONE)
  const asOf =
    command.asOf === undefined ? localDay(zone, command.at) : parseLocalDate(command.asOf)
  if (asOf === null) {
    io.error(`--as-of ${command.asOf} is no date: expected YYYY-MM-DD`)
    return EXIT.usage
  }
  report(await runCycle({ ...command, asOf }), command.json, io)
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
