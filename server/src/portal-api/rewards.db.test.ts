import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { aPortal, comeIn } from './test-portal.ts'
import { aReward, takeBack } from './test-reward.ts'

const shape = z.object({
  rewards: z.array(
    z.object({ state: z.string(), amountMinor: z.int(), reward: z.string(), kind: z.string() }),
  ),
})

test('what a kept promise earned is shown as it stands, to whoever kept it and nobody else', async () => {
  const portal = await aPortal()
  const own = await comeIn(portal, 'B1')
  const other = await comeIn(portal, 'B2')
  const seenBy = async (cookie: string) =>
    shape.parse((await portal.call('GET /portal-api/owed', undefined, { cookie })).json).rewards
  assert.deepEqual(await seenBy(own), [])
  await aReward(portal, { borrowerNo: 'B1', loanNo: 'L1' })
  const earned = { amountMinor: 500, kind: 'waiver', reward: '按约定日期还款', state: 'earned' }
  assert.deepEqual(await seenBy(own), [earned])
  await takeBack(portal, 'L1')
  assert.deepEqual(await seenBy(own), [{ ...earned, state: 'ended' }])
  assert.deepEqual(await seenBy(other), [])
  assert.deepEqual(portal.failures, [])
})
