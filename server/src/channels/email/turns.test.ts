import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomInt, seededRandom } from '@dunlin/kernel'
import { createTurns, createTurnsByKey } from './turns.ts'

test('never more than so many at one time of a domain, however they come; all are done, failures too', async () => {
  const random = seededRandom(3)
  const byDomain = createTurnsByKey(2)
  const places = createTurns(3)
  const running = new Map<string, number>()
  let [all, most, done] = [0, 0, 0]
  const one = (domain: string): Promise<void> =>
    byDomain(domain, () =>
      places.run(async () => {
        const count = (running.get(domain) ?? 0) + 1
        running.set(domain, count)
        all += 1
        most = Math.max(most, all)
        assert.ok(count <= 2 && all <= 3, `${count} of ${domain}, ${all} in all`)
        for (let turns = randomInt(random, 0, 5); turns > 0; turns -= 1) await Promise.resolve()
        all -= 1
        running.set(domain, (running.get(domain) ?? 0) - 1)
        done += 1
        if (done % 7 === 0) throw new Error('failed')
      }),
    )
  const domains = Array.from({ length: 200 }, (_, index) => `d${index % 5}.example.com`)
  const results = await Promise.allSettled(domains.map(one))
  assert.equal(done, 200)
  assert.equal(most, 3)
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 28)
  assert.equal(places.isIdle(), true)
})

test('a slow domain does not keep the others waiting', async () => {
  const byDomain = createTurnsByKey(1)
  const slow = Promise.withResolvers<void>()
  const first = byDomain('slow.example.com', () => slow.promise)
  const behind = byDomain('slow.example.com', async () => 'after it')
  assert.equal(await byDomain('quick.example.com', async () => 'at once'), 'at once')
  slow.resolve()
  await first
  assert.equal(await behind, 'after it')
})
