import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Instant, instant } from '@dunlin/kernel'
import fc from 'fast-check'
import { createAgenda } from './agenda.ts'

test('things happen in the order of their instants, and of their adding within one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 200 }), fc.nat(50), async (all, until) => {
      const agenda = createAgenda()
      const done: [number, number][] = []
      const clock: Instant[] = []
      for (const [place, at] of all.entries())
        agenda.add(instant(at), async () => {
          done.push([at, place])
          // What is added meanwhile and is due happens too.
          if (at % 7 === 0 && place % 2 === 0)
            agenda.add(instant(at + 1), async () => {
              done.push([at + 1, all.length + done.length])
            })
        })
      await agenda.runUntil(instant(until), (at) => clock.push(at))
      for (const [index, [at]] of done.entries()) assert.ok(at >= (done[index - 1]?.[0] ?? 0))
      const first = done.filter(([, place]) => place < all.length)
      const wanted = [...all.entries()].filter(([, at]) => at <= until)
      assert.deepEqual(
        first.map(([, place]) => place),
        wanted.toSorted(([a, x], [b, y]) => x - y || a - b).map(([place]) => place),
      )
      assert.ok((agenda.next() ?? until + 1) > until)
      assert.deepEqual(
        clock,
        [...clock].sort((a, b) => a - b),
      )
    }),
    { seed: 9, numRuns: 200 },
  )
})
