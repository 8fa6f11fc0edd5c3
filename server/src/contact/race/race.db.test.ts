import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { openEvidenceSigner, sealBatches } from '../../platform/evidence/index.ts'
import { createTestSealer } from '../../platform/seal/index.ts'
import { verifyAll } from '../index.ts'
import {
  aRaceBook,
  aTarget,
  CALLERS,
  CAP,
  type CallMark,
  endRace,
  openArena,
  type Race,
  type RaceBook,
  START,
  type Target,
} from './test-race.ts'
import { raceCommands } from './test-race-commands.ts'

// The invariants of README.md, each asked of every interleaving that fast-check finds. They are written from the
// sentences there and use nothing of the gate.

const SEED = 20_261_124
const RUNS = 60

type Decided = {
  readonly order: bigint
  readonly verdict: string
  readonly rules: readonly string[]
  readonly attemptId: string
}
type AttemptRow = {
  readonly attempt_id: string
  readonly state: string
  readonly permit_id: string | null
  readonly decision_id: string | null
}
type Outcome = Race & {
  readonly decided: readonly Decided[]
  readonly attempts: readonly AttemptRow[]
}

async function outcomeOf(book: RaceBook, target: Target, race: Race): Promise<Outcome> {
  const { db } = book
  const decided = await db.query<{
    decision_id: string
    verdict: string
    attempt_id: string
    rules: string[]
  }>(
    'select decision_id, verdict, rules, attempt_id from decision where borrower_id = $1 order by decision_id',
    [target.borrowerId],
  )
  const attempts = await db.query<AttemptRow>(
    `select attempt_id, state, permit_id, decision_id from attempt where borrower_id = $1 and step = 'race' order by attempt_id`,
    [target.borrowerId],
  )
  return {
    ...race,
    attempts,
    decided: decided.map(({ decision_id, verdict, rules, attempt_id }) => ({
      order: BigInt(decision_id),
      verdict,
      rules,
      attemptId: attempt_id,
    })),
  }
}

/** The outcomes of random commands in random interleavings, each on a new borrower. */
async function raceOutcomes(book: RaceBook): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        sms: fc.integer({ min: 1, max: 3 }),
        email: fc.integer({ min: 0, max: 3 }),
        commands: raceCommands(),
        scheduler: fc.scheduler(),
      }),
      async ({ sms, email, commands, scheduler }) => {
        const target = await aTarget(book, { name: String(outcomes.length), sms, email })
        const arena = openArena(book, target, scheduler)
        const setup = () => ({ model: { begun: 0, handedIn: 0, mayBePaid: false }, real: arena })
        await scheduler.waitFor(fc.asyncModelRun(setup, commands).then(arena.rest))
        await endRace(book)
        outcomes.push(await outcomeOf(book, target, arena.race))
        // What was deferred is not for the next race.
        await book.db.run(`update attempt set state = 'cancelled' where state = 'planned'`)
      },
    ),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  )
  return outcomes
}

/** Whatever the gate was asked: by a dispatcher, which stores the answer, or by a caller. */
type Answer = { readonly order: bigint; readonly verdict: string }

function calls({ marks }: Outcome): CallMark[] {
  return marks.filter((mark) => mark.what === 'call')
}

function answers(outcome: Outcome): Answer[] {
  const asked = calls(outcome).flatMap(({ order, verdict }) =>
    verdict === null || verdict === 'closed' ? [] : [{ order, verdict }],
  )
  return [...outcome.decided, ...asked]
}

function permitted(outcome: Outcome): Answer[] {
  return answers(outcome).filter(({ verdict }) => verdict === 'permit')
}

/** How many holds or payments had the lock before an answer. */
function before({ marks }: Outcome, { order }: Answer, what: 'hold' | 'pay'): number {
  return marks.filter((mark) => mark.what === what && mark.order < order).length
}

/** Contacts made before an answer: messages that dispatchers permitted, and calls by anybody. */
function contactsBefore(outcome: Outcome, { order }: Answer): number {
  const sent = permits(outcome).filter((made) => made.order < order).length
  return sent + calls(outcome).filter((made) => made.isMade && made.order < order).length
}

function talksBefore(outcome: Outcome, { order }: Answer): number {
  return calls(outcome).filter((made) => made.isMade && made.isTalk && made.order < order).length
}

function permits({ decided }: Outcome): Decided[] {
  return decided.filter(({ verdict }) => verdict === 'permit')
}

type Invariant = {
  readonly name: string
  readonly says: string
  readonly holds: (outcome: Outcome) => boolean
}

const INVARIANTS: readonly Invariant[] = [
  {
    name: 'Cap',
    says: 'no permit beyond the cap, whoever made the contacts before it: dispatchers, agencies or robots',
    holds: (outcome) => permitted(outcome).every((made) => contactsBefore(outcome, made) < CAP),
  },
  {
    name: 'Gap',
    says: 'no permit after a talk that had the lock first, whoever talked, within the days of rest',
    holds: (outcome) => permitted(outcome).every((made) => talksBefore(outcome, made) === 0),
  },
  {
    name: 'Hold',
    says: 'no permit after a hold that had the lock first, whatever the clocks say',
    holds: (outcome) => permitted(outcome).every((made) => before(outcome, made, 'hold') === 0),
  },
  {
    name: 'Paid',
    says: 'no permit after a payment that cured the case and had the lock first',
    holds: (outcome) => permitted(outcome).every((made) => before(outcome, made, 'pay') === 0),
  },
  {
    name: 'NotStricter',
    says: 'what nothing before it forbids is permitted, to dispatchers, agencies and robots alike',
    holds: (outcome) =>
      answers(outcome)
        .filter(({ verdict }) => verdict !== 'permit')
        .every(
          (stopped) =>
            talksBefore(outcome, stopped) > 0 ||
            before(outcome, stopped, 'hold') > 0 ||
            contactsBefore(outcome, stopped) >= CAP,
        ),
  },
  {
    name: 'SharedCap',
    says: 'what the house, its agencies and all robots were permitted in one day is together within the cap',
    holds: (outcome) => permitted(outcome).length <= CAP,
  },
  {
    name: 'OnePermit',
    says: 'an attempt is permitted at most once',
    holds: (outcome) => areDistinct(permits(outcome).map(({ attemptId }) => attemptId)),
  },
  {
    name: 'OneSend',
    says: 'a permit is handed to the provider at most once',
    holds: ({ given }) => areDistinct(given.map(({ permitId }) => permitId)),
  },
  {
    name: 'NoPermitNoSend',
    says: 'nothing is handed over whose permit is not stored',
    holds: ({ given, attempts }) =>
      given.every((permit) => attempts.some(({ permit_id }) => permit_id === permit.permitId)),
  },
  {
    name: 'PermitIsDecision',
    says: 'as many permits as decisions that permit',
    holds: (outcome) =>
      permits(outcome).length === outcome.attempts.filter((row) => row.permit_id !== null).length,
  },
  {
    name: 'FateIsKnown',
    says: 'when the workers are gone, dead ones among them, no permit is left in flight',
    holds: ({ attempts }) => attempts.every(({ state }) => state !== 'permitted'),
  },
  {
    name: 'OnlyPaymentCancels',
    says: 'what was planned is cancelled by a payment and by nothing else here',
    holds: ({ attempts, marks }) =>
      attempts.every(({ state }) => state !== 'cancelled') ||
      marks.some(({ what }) => what === 'pay'),
  },
]

function areDistinct(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  )
}

test('dispatchers, agencies, robots, holds and payments race for one borrower', async (context) => {
  const book = await aRaceBook()
  const outcomes = await raceOutcomes(book)
  for (const { name, says, holds } of INVARIANTS) {
    await context.test(`${name}: ${says}`, () => {
      const broken = outcomes.findIndex((outcome) => !holds(outcome))
      assert.equal(broken, -1, `race ${broken} of seed ${SEED}: ${shown(outcomes[broken])}`)
    })
  }
  await context.test('the races were races: every kind of verdict and of end came up', () => {
    const verdicts = new Set(outcomes.flatMap(answers).map(({ verdict }) => verdict))
    const states = new Set(outcomes.flatMap(({ attempts }) => attempts.map(({ state }) => state)))
    assert.ok(verdicts.has('permit') && (verdicts.has('defer') || verdicts.has('refuse')))
    for (const state of ['sent', 'failed', 'unknown', 'cancelled', 'planned'])
      assert.ok(states.has(state), state)
    for (const caller of Object.keys(CALLERS)) {
      const made = outcomes.flatMap(calls).filter(({ by }) => by === caller)
      assert.ok(
        made.some(({ verdict }) => verdict === 'permit'),
        `${caller} was permitted`,
      )
      assert.ok(
        made.some(({ verdict }) => verdict === 'defer' || verdict === 'refuse'),
        `${caller} was stopped`,
      )
      assert.ok(
        made.some(({ verdict }) => verdict === null),
        `${caller} handed in`,
      )
    }
  })
  await context.test(
    'Evidence: every decision of every race is made again, bit for bit',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'dunlin-race-'))
      const signer = await openEvidenceSigner(join(folder, 'key.pem'))
      await sealBatches(book.db, { signer, headsFile: join(folder, 'heads.jsonl'), at: START })
      const sealer = createTestSealer()
      const found = await verifyAll(book.db, { sealer, publicKey: signer.publicKey })
      assert.deepEqual(found.problems, [])
      assert.equal(found.decisions, outcomes.flatMap(({ decided }) => decided).length)
    },
  )
  await book.db.close()
})
