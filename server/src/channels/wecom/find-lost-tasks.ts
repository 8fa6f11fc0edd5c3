import { instant } from '@dunlin/kernel'
import { listMassTasks, readMassResult } from './calls.ts'
import type { WecomReceiver } from './receiver.ts'
import {
  endTask,
  type LostTask,
  listLostTasks,
  listUnknownTasks,
  noteTaskFound,
} from './wecom-store.ts'

/** No answer can still be on its way after this. */
const LOST_AFTER_MS = 90_000
/** Not found for so long means never made. */
const GIVE_UP_MS = 30 * 60_000
/** The vendor's clock and ours may differ by this much. */
const SKEW_SECONDS = 120
const BATCH_MAX = 20

/**
 * Looks for tasks whose answer was lost: the vendor may have made them, and a member could still send one
 * that nobody watches. What is found is handed to `watchTasks` to be taken back; it is never made again.
 */
export async function findLostTasks(receiver: WecomReceiver): Promise<number> {
  const { db, clock, accountId } = receiver
  const before = instant(clock.now() - LOST_AFTER_MS)
  const lost = await listLostTasks(db, { accountId, before, limit: BATCH_MAX })
  for (const task of lost) await lookFor(receiver, task)
  return lost.length
}

async function lookFor(receiver: WecomReceiver, task: LostTask): Promise<void> {
  const { api, db, clock } = receiver
  const madeSeconds = Math.floor(task.madeAt / 1000)
  const answer = await listMassTasks(api, {
    sender: task.sender,
    fromSeconds: madeSeconds - SKEW_SECONDS,
    untilSeconds: madeSeconds + SKEW_SECONDS,
  })
  if (answer.kind !== 'ok') return
  const ids = answer.value.group_msg_list.map(({ msgid }) => msgid)
  for (const msgid of await listUnknownTasks(db, ids)) {
    if (await isFor(receiver, task, msgid)) {
      await noteTaskFound(db, task.permitId, msgid)
      return
    }
  }
  if (clock.now() > task.madeAt + GIVE_UP_MS) await endTask(db, task.permitId, 'failed')
}

async function isFor(
  { api, sealer }: WecomReceiver,
  task: LostTask,
  msgid: string,
): Promise<boolean> {
  const receiver = sealer.open(task.sealedReceiver)
  const answer = await readMassResult(api, { msgid, sender: task.sender })
  if (answer.kind !== 'ok') return false
  return answer.value.send_list.some((row) => row.external_userid === receiver)
}
