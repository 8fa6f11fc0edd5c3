import { randomBytes } from 'node:crypto'
import { ok, type Result, refused, required } from '@dunlin/kernel'
import { lockBorrowers } from '../loanbook/index.ts'
import { askTransfer, cancelTransfer, type Merchant, placeTransfer } from '../payments/index.ts'
import type { IncentivesContext } from './context.ts'
import { changed } from './grant-incentives.ts'
import { type Grant, type GrantChange, readGrant, updateGrant } from './grant-store.ts'
import { settleTransfer } from './settle-transfer.ts'

export type TakeRefusal = {
  readonly code: 'resource.not_found' | 'incentive.not_to_take' | 'incentive.no_account'
  readonly field: string
  readonly detail: string
}

const NUMBER_BYTES = 14
const NOT_THERE = new Set(['NOT_FOUND', 'RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST'])

/**
 * The borrower takes a grant: its transfer gets a number, which is stored, then the transfer is made and
 * waits for their confirmation in WeChat. Nobody is contacted: the borrower is here. Taking it again while
 * it waits changes nothing.
 */
export async function takeGrant(
  context: IncentivesContext,
  { grantId, openid }: { grantId: string; openid: string },
): Promise<Result<Grant, TakeRefusal>> {
  const { db, merchants, clock, sealer, reactions } = context
  const seen = await readGrant(db, grantId)
  if (seen === null) return no('resource.not_found', 'id', `there is no grant ${grantId}`)
  const merchant = await merchantOf({ merchants }, seen)
  if (seen.kind === 'transfer' && merchant === null)
    return no('incentive.no_account', 'id', 'the account of the rule is not enabled')
  const state = await db.transaction(async (tx) => {
    await lockBorrowers(tx, [seen.borrowerId])
    const grant = required(await readGrant(tx, grantId), 'grant')
    if (grant.kind !== 'transfer' || grant.state !== 'granted') return grant.state
    const at = clock.now()
    const outBillNo = `DI${randomBytes(NUMBER_BYTES).toString('hex')}`
    const change: GrantChange = {
      ...{ state: 'placing', outBillNo, sealedOpenid: sealer.seal(openid) },
      ...{ failure: null, packageInfo: null },
    }
    await updateGrant(tx, grant, { change, at })
    await reactions.publish(tx, [changed(grant, 'placing')], at)
    return 'placing' as const
  })
  if (seen.kind !== 'transfer' || (state !== 'placing' && state !== 'waiting'))
    return no('incentive.not_to_take', 'id', `the grant is ${state}`)
  if (state === 'placing') await pushTransfer(context, grantId)
  return ok(required(await readGrant(db, grantId), 'grant'))
}

async function merchantOf(
  { merchants }: Pick<IncentivesContext, 'merchants'>,
  { accountId }: Grant,
): Promise<Merchant | null> {
  return accountId === null ? null : merchants.find({ accountId })
}

/**
 * Makes the transfer of a grant under its stored number. The platform takes one number once, whatever is
 * sent under it, and a grant has one number at a time: crashes and retries pay once.
 */
async function pushTransfer(context: IncentivesContext, grantId: string): Promise<void> {
  const { db, sealer } = context
  const grant = required(await readGrant(db, grantId), 'grant')
  const merchant = await merchantOf(context, grant)
  const { outBillNo, sealedOpenid, scene, activity, reward } = grant
  if (grant.state !== 'placing' || merchant === null) return
  const answer = await placeTransfer(merchant, {
    outBillNo: required(outBillNo, 'number'),
    sceneId: required(scene, 'scene'),
    openid: sealer.open(required(sealedOpenid, 'openid')),
    amountMinor: Number(grant.amountMinor),
    ...{ remark: reward, activity, reward },
  })
  if (answer.kind === 'ok') return apply(context, answer.value)
  if (answer.kind !== 'refused') {
    await note(context, grant, { state: 'placing', failure: answer.detail })
    return
  }
  // Refused: no money will move under this number. A person must look before it is tried again.
  await note(context, grant, { state: 'failed', failure: `${answer.code}: ${answer.detail}` })
}

/** Asks what became of a transfer; makes it under its number when the platform has never heard of it. */
export async function askGrant(context: IncentivesContext, grant: Grant): Promise<void> {
  const merchant = await merchantOf(context, grant)
  if (merchant === null || grant.outBillNo === null) return
  await note(context, grant, { state: grant.state })
  const answer = await askTransfer(merchant, grant.outBillNo)
  if (answer.kind === 'ok') return apply(context, answer.value)
  if (answer.kind !== 'refused' || !NOT_THERE.has(answer.code)) return
  if (grant.state === 'placing') await pushTransfer(context, grant.grantId)
  // It was never made, and never will be: its number is not used again.
  else await note(context, grant, { state: 'withdrawn', sealedOpenid: null })
}

/** Takes back a transfer whose promise is not kept any more; what was taken already is owed back. */
export async function recallTransfer(context: IncentivesContext, grant: Grant): Promise<void> {
  const merchant = await merchantOf(context, grant)
  if (merchant === null || grant.outBillNo === null) return
  await cancelTransfer(merchant, grant.outBillNo)
  await askGrant(context, grant)
}

function apply(
  { db, clock, reactions }: IncentivesContext,
  transfer: Parameters<typeof settleTransfer>[1]['transfer'],
): Promise<void> {
  return db.transaction(async (tx) => {
    const settled = await settleTransfer(tx, { transfer, at: clock.now() }, { reactions })
    if (!settled.ok) throw new Error(settled.refusal)
  })
}

/** Notes something of a grant unless it has moved on meanwhile. */
async function note(
  { db, clock, reactions }: IncentivesContext,
  seen: Grant,
  change: GrantChange,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockBorrowers(tx, [seen.borrowerId])
    const grant = required(await readGrant(tx, seen.grantId), 'grant')
    if (grant.state !== seen.state || grant.outBillNo !== seen.outBillNo) return
    const at = clock.now()
    await updateGrant(tx, grant, { change, at })
    if (change.state !== grant.state)
      await reactions.publish(tx, [changed(grant, change.state)], at)
  })
}

function no(code: TakeRefusal['code'], field: string, detail: string): Result<never, TakeRefusal> {
  return refused({ code, field, detail })
}
