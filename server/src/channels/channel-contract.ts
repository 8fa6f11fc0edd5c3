import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { type Instant, instant, Secret } from '@dunlin/kernel'
import type { Channel, SendResult } from './channel.ts'
import type { Permit, PermitFields } from './permit.ts'
import { mintPermit } from './permit-mint.ts'

/** What the provider can be told to do wrong; each is for the next message only. */
export type ProviderFaults = {
  readonly refuseNext: () => void
  readonly deferNext: () => void
  readonly dropBeforeNext: () => void
  readonly dropAfterNext: () => void
  readonly staySilentNext: () => void
  readonly goDown: () => Promise<void>
}

/** One adapter with a real provider server behind it. */
export type ContractSetUp = {
  readonly channel: Channel
  /** Every text the provider took responsibility for, with its receiver, as often as it took it. */
  readonly arrived: () => readonly { readonly to: string; readonly text: string }[]
  /** null for an adapter without a provider. */
  readonly faults: ProviderFaults | null
  readonly close: () => Promise<void>
}

export const NOW: Instant = instant(Date.UTC(2026, 10, 24, 4))

const LONG = `您好，您的借款应还1,234.50元，请于11月30日前还款。😀${'如有困难请联系我们。'.repeat(20)}拒收请回复R`

let minted = 0

/** A permit as the gate would give it, with a text of its own. */
export function testPermit(change: Partial<PermitFields> = {}): Permit {
  minted += 1
  const tail = minted.toString(16).padStart(12, '0')
  return mintPermit({
    permitId: `018f6f3a-0000-7000-8000-${tail}`,
    attemptId: String(minted),
    borrowerId: '1',
    channel: 'sms',
    via: null,
    address: new Secret(`+86199000${String(minted).padStart(5, '0')}`),
    addressee: null,
    content: { language: 'zh-CN', subject: '账户通知', text: `第${minted}条。${LONG}`, html: null },
    unsubscribe: null,
    expiresAt: instant(NOW + 60_000),
    ...change,
  })
}

type PermitOf = (change?: Partial<PermitFields>) => Permit

/** What every channel must do, whatever is behind it. Its clock must show NOW. */
export function channelContract(
  name: string,
  setUp: () => Promise<ContractSetUp>,
  permitOf: PermitOf = testPermit,
): void {
  async function start(): Promise<ContractSetUp> {
    const made = await setUp()
    after(async () => {
      await made.channel.close()
      await made.close()
    })
    return made
  }
  describe(`${name} channel`, () => {
    testSending(start, permitOf)
    testRefusals(withFault(start), permitOf)
    testLosses(withFault(start), permitOf)
  })
}

function testSending(start: () => Promise<ContractSetUp>, permitOf: PermitOf): void {
  test('gives one result for each permit in order, and each text arrives whole and once', async () => {
    const made = await start()
    const permits = Array.from({ length: made.channel.window * 3 }, () => permitOf())
    const results = await made.channel.send(permits)
    assert.deepEqual(
      results.map(({ permitId, fate }) => [permitId, fate]),
      permits.map(({ permitId }) => [permitId, 'accepted']),
    )
    const parts = results.map((result) => (result.fate === 'accepted' ? result.parts : 0))
    assert.deepEqual(
      parts,
      permits.map(({ content }) => made.channel.countParts(content.text)),
    )
    const ids = results.map((result) => result.fate === 'accepted' && result.providerMessageId)
    assert.equal(new Set(ids).size, permits.length)
    if (made.faults === null) return
    for (const permit of permits) assert.equal(timesArrived(made, permit), 1)
  })

  test('an expired permit sends nothing', async () => {
    const made = await start()
    const permit = permitOf({ expiresAt: NOW })
    assert.equal(fateOf(await made.channel.send([permit])), 'not-sent')
    assert.equal(timesArrived(made, permit), 0)
  })
}

type Faulty = ContractSetUp & { readonly faults: ProviderFaults }
type FaultTest = (guarantee: string, run: (made: Faulty) => Promise<void>) => void

function withFault(start: () => Promise<ContractSetUp>): FaultTest {
  return (guarantee, run) => {
    test(guarantee, async (context) => {
      const made = await start()
      if (made.faults === null) context.skip('has no provider that could fail')
      else await run({ ...made, faults: made.faults })
    })
  }
}

function testRefusals(faultTest: FaultTest, permitOf: PermitOf): void {
  faultTest('a refusal is told with a code and nothing arrives', async (made) => {
    const permit = permitOf(short())
    made.faults.refuseNext()
    const results = await made.channel.send([permit])
    assert.equal(fateOf(results), 'rejected')
    assert.equal(timesArrived(made, permit), 0)
    assert.equal(JSON.stringify(results).includes(permit.address.reveal().slice(-11)), false)
  })

  faultTest(
    '«later» ends in exactly one arrival, or in none and the fate not-sent',
    async (made) => {
      const permit = permitOf(short())
      made.faults.deferNext()
      const fate = fateOf(await made.channel.send([permit]))
      assert.ok(fate === 'accepted' || fate === 'not-sent')
      assert.equal(timesArrived(made, permit), fate === 'accepted' ? 1 : 0)
    },
  )

  faultTest(
    'with the provider down nothing is claimed, and soon known as not sent',
    async (made) => {
      await made.faults.goDown()
      assert.notEqual(fateOf(await made.channel.send([permitOf(short())])), 'accepted')
      assert.equal(fateOf(await made.channel.send([permitOf(short())])), 'not-sent')
    },
  )
}

function testLosses(faultTest: FaultTest, permitOf: PermitOf): void {
  faultTest('lost after the provider took it is unknown and never sent again', async (made) => {
    const permit = permitOf(short())
    made.faults.dropAfterNext()
    assert.equal(fateOf(await made.channel.send([permit])), 'unknown')
    assert.equal(fateOf(await made.channel.send([permitOf(short())])), 'accepted')
    assert.equal(timesArrived(made, permit), 1)
  })

  faultTest('lost before that is never called accepted, and the next goes out', async (made) => {
    const permit = permitOf(short())
    made.faults.dropBeforeNext()
    const fate = fateOf(await made.channel.send([permit]))
    assert.ok(fate === 'unknown' || fate === 'not-sent')
    assert.equal(fateOf(await made.channel.send([permitOf(short())])), 'accepted')
    assert.equal(timesArrived(made, permit), 0)
  })

  faultTest('silence is unknown after the wait, not an error and no second try', async (made) => {
    const permit = permitOf(short())
    made.faults.staySilentNext()
    assert.equal(fateOf(await made.channel.send([permit])), 'unknown')
    assert.equal(timesArrived(made, permit), 1)
  })
}

function timesArrived({ arrived }: ContractSetUp, permit: Permit): number {
  return arrived().filter(({ text }) => text.trim() === permit.content.text).length
}

function short(): Partial<PermitFields> {
  const content = { language: 'zh-CN', subject: '账户通知', html: null }
  return { content: { ...content, text: `短信${minted}：应还1.00元` } }
}

function fateOf([result]: readonly SendResult[]): SendResult['fate'] | undefined {
  return result?.fate
}
