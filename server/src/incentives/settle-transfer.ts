import { type Instant, ok, type Result, refused, required } from '@dunlin/kernel'
import { lockBorrowers } from '../loanbook/index.ts'
import type { TransferResource } from '../payments/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { changed } from './grant-incentives.ts'
import {
  findGrantNumbered,
  type Grant,
  type GrantChange,
  readGrant,
  updateGrant,
} from './grant-store.ts'
import { type GrantNews, nextState } from './model/grant-state.ts'

/** Does what the provider says of a transfer, under the borrower's lock; the same news again is nothing. */
export async function settleTransfer(
  tx: Tx,
  { transfer, at }: { transfer: TransferResource; at: Instant },
  { reactions }: { reactions: Reactions },
): Promise<Result<'applied' | 'known', string>> {
  const found = await findGrantNumbered(tx, transfer.out_bill_no)
  if (found === null) return refused(`there is no transfer ${transfer.out_bill_no}`)
  const amount = transfer.transfer_amount
  if (amount !== undefined && BigInt(amount) !== found.amountMinor)
    return refused(`transfer ${transfer.out_bill_no} is over ${amount}, not ${found.amountMinor}`)
  await lockBorrowers(tx, [found.borrowerId])
  const grant = required(await readGrant(tx, found.grantId), 'grant')
  const news = newsOf(transfer)
  if (news === null || grant.outBillNo !== transfer.out_bill_no) return ok('known')
  const state = nextState(grant.state, news, grant)
  if (state === grant.state) return ok('known')
  await updateGrant(tx, grant, { change: changeFor(grant, { state, transfer, at }), at })
  await reactions.publish(tx, [changed(grant, state)], at)
  return ok('applied')
}

function newsOf({ state }: TransferResource): GrantNews | null {
  switch (state) {
    case 'SUCCESS':
      return 'transfer-paid'
    case 'FAIL':
    case 'CANCELLED':
      return 'transfer-ended'
    case 'WAIT_USER_CONFIRM':
      return 'transfer-waits'
    case 'ACCEPTED':
    case 'PROCESSING':
    case 'TRANSFERING':
    case 'CANCELING':
      return null
  }
}

function changeFor(
  grant: Grant,
  { state, transfer, at }: { state: Grant['state']; transfer: TransferResource; at: Instant },
): GrantChange {
  const ended = { outBillNo: null, packageInfo: null, sealedOpenid: null }
  switch (state) {
    case 'waiting':
      return { state, packageInfo: transfer.package_info ?? grant.packageInfo }
    case 'paid':
    case 'owed-back':
      return { state, packageInfo: null, sealedOpenid: null, paidAt: at }
    // It may be taken again, under a new number: this one has ended without money.
    case 'granted':
      return { state, ...ended, failure: transfer.fail_reason ?? transfer.state }
    default:
      return { state, packageInfo: null, sealedOpenid: null }
  }
}
