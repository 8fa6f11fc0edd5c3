import type { QueuedMatter } from '@dunlin/contract'
import { epochDay, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import { workingDaysLeft } from '../../plans/index.ts'
import type { Asker } from '../context.ts'
import type { MatterRow } from './queue-store.ts'

/** A matter as the queue shows it, with the working days that its deadline leaves where its portfolio is. */
export function toItem(row: MatterRow, { asker, at }: { asker: Asker; at: Instant }): QueuedMatter {
  const { id, caseId, borrowerNo, portfolio, kind, channel, raisedBy, state, owner } = row
  const { receivedAt, dueOn, outcome, decidedBy } = row
  return {
    ...{ id, caseId, borrowerNo, portfolio, kind, channel, raisedBy, state, owner },
    ...{ receivedAt, dueOn, outcome, decidedBy },
    isMine: owner === asker.email,
    daysLeft: state === 'open' || state === 'appealed' ? daysLeft(row, at) : null,
  }
}

function daysLeft({ zone, country, holidays, dueDays }: MatterRow, at: Instant): number {
  const today = localDay(required(zoneNamed(zone), `zone ${zone}`), at)
  return workingDaysLeft(today, epochDay(dueDays), { country, holidays })
}
