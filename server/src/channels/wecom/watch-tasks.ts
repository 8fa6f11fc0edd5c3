import type { ProviderReceipt } from '../inbound.ts'
import { cancelMassTask, readMassResult } from './calls.ts'
import type { WecomReceiver } from './receiver.ts'
import { endTask, listOpenTasks, type OpenTask, type TaskEnd } from './wecom-store.ts'

const BATCH_MAX = 100
const [SENT, NO_CONTACT, HAD_ANOTHER] = [1, 2, 3]

/**
 * Looks what became of the tasks that lie with members, and withdraws those whose time is over or that a
 * payment or a hold made unwanted. What the member sent before the withdrawal counts as delivered.
 */
export async function watchTasks(watcher: WecomReceiver): Promise<number> {
  const { db, clock, accountId } = watcher
  const tasks = await listOpenTasks(db, { accountId, at: clock.now(), limit: BATCH_MAX })
  for (const task of tasks) await watchOne(watcher, task)
  return tasks.length
}

async function watchOne(watcher: WecomReceiver, task: OpenTask): Promise<void> {
  const { api, db, sealer, handlers } = watcher
  if (task.isToWithdraw && (await cancelMassTask(api, task.msgid)).kind !== 'ok') return
  const answer = await readMassResult(api, task)
  if (answer.kind !== 'ok') return
  const receiver = sealer.open(task.sealedReceiver)
  const status = answer.value.send_list.find((row) => row.external_userid === receiver)?.status
  const end = endOf(status ?? 0, task.isToWithdraw)
  if (end === null) return
  // The receipt first: it is stored once, so a crash in between only says it again.
  await handlers.onReceipts([receiptOf(watcher, task, end)])
  await endTask(db, task.permitId, end.state)
}

type End = { readonly state: TaskEnd; readonly detail: string }

function endOf(status: number, isWithdrawn: boolean): End | null {
  if (status === SENT) return { state: 'sent', detail: 'the member sent it' }
  if (status === NO_CONTACT) return { state: 'failed', detail: 'no longer a contact' }
  if (status === HAD_ANOTHER) return { state: 'failed', detail: 'has had another mass message' }
  return isWithdrawn ? { state: 'withdrawn', detail: 'not confirmed in time' } : null
}

function receiptOf(
  { accountId, clock }: WecomReceiver,
  { msgid }: OpenTask,
  { state, detail }: End,
): ProviderReceipt {
  const line = state === 'sent' ? 'delivered' : 'failed'
  return { accountId, providerMessageId: msgid, line, detail, at: clock.now() }
}
