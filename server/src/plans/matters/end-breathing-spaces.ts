import { addDays, formatInstant, formatLocalDate, utcDate } from '@dunlin/kernel'
import type { Gate } from '../../contact/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Work } from '../context.ts'
import { lockMatter } from './lock-matter.ts'
import { insertStep, listEndingSpaces, updateDecided } from './matter-store.ts'
import { tellDecision } from './tell-decision.ts'

type EndWork = Omit<Work, 'tx'> & { readonly gate: Gate }

/**
 * Closes every breathing space whose time by law is over, and has the borrower told; how many were. The gate
 * needs no closing: the hold has its end from the day it was taken in.
 */
export async function endBreathingSpaces(db: Database, work: EndWork): Promise<number> {
  // Somewhere it may be a day later than in UTC; the hold knows the moment.
  const before = addDays(utcDate(work.at), 1)
  const ending = await listEndingSpaces(db, { before, at: work.at })
  let ended = 0
  for (const matterId of ending)
    if (await db.transaction((tx) => endBreathingSpace({ ...work, tx }, matterId))) ended += 1
  return ended
}

async function endBreathingSpace(work: Work & EndWork, matterId: string): Promise<boolean> {
  const { tx, at, sealer, reactions } = work
  const found = await lockMatter(work, matterId)
  if (!found.ok || found.value.matter.state !== 'open') return false
  const { matter } = found.value
  const { borrowerId, caseId, kind, dueOn } = matter
  const by = 'dunlin'
  await updateDecided(tx, matter, {
    ...{ state: 'closed', outcome: 'upheld', by, at, appealUntilOn: null },
  })
  const ended = formatLocalDate(dueOn)
  const words =
    found.value.found.language === 'zh'
      ? `喘息期已按法定期限结束，自 ${ended} 起恢复联系。`
      : `The breathing space has lasted its time by law; contact may go on from ${ended}.`
  await insertStep(tx, matter, {
    ...{ kind: 'decided', at: formatInstant(at), by, sealedText: sealer.seal(words) },
    detail: { outcome: 'upheld', keepHold: 'false' },
  })
  const payload = { matterId, caseId, kind, outcome: 'upheld' }
  await reactions.publish(tx, [{ name: 'matter.decided', borrowerId, payload }], at)
  await tellDecision(work, { matter, isDeath: false })
  return true
}
