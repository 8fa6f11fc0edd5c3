import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Actor, type Arena, CAP } from './test-race.ts'

// What may be done in a race, as commands with a model beside: the model knows who began and what was handed in,
// and at every rest what happened must lie within what it allows.

/** Who takes part in one race. */
const ACTORS_MAX = 8

type Model = { begun: number; handedIn: number; mayBePaid: boolean }
type Command = fc.AsyncCommand<Model, Arena>

/** Somebody begins, and is not waited for. */
class Begin implements Command {
  readonly actor: Actor

  constructor(actor: Actor) {
    this.actor = actor
  }

  check({ begun }: Readonly<Model>): boolean {
    return begun < ACTORS_MAX
  }

  async run(model: Model, arena: Arena): Promise<void> {
    model.begun += 1
    if (this.actor.does === 'call' && !this.actor.doesAsk) model.handedIn += 1
    if (this.actor.does === 'pay') model.mayBePaid = true
    await arena.begin(this.actor)
  }

  toString(): string {
    return `begin ${JSON.stringify(this.actor)}`
  }
}

/** All who began come to their end before the next one begins. */
class Rest implements Command {
  check({ begun }: Readonly<Model>): boolean {
    return begun > 0
  }

  async run(model: Model, arena: Arena): Promise<void> {
    await arena.rest()
    const { marks, given } = arena.race
    const calls = marks.filter((mark) => mark.what === 'call')
    assert.equal(calls.filter(({ verdict }) => verdict === null).length, model.handedIn)
    assert.ok(calls.filter(({ verdict }) => verdict === 'permit').length + given.length <= CAP)
    assert.ok(model.mayBePaid || calls.every(({ verdict }) => verdict !== 'closed'))
  }

  toString(): string {
    return 'rest'
  }
}

const skewMs = fc.integer({ min: -3_000, max: 3_000 })
const dispatcher: fc.Arbitrary<Command> = fc
  .record({
    does: fc.constant('dispatch' as const),
    channel: fc.constantFrom('sms' as const, 'email' as const),
    skewMs,
    fate: fc.constantFrom(
      'accepted' as const,
      'accepted' as const,
      'rejected' as const,
      'unknown' as const,
      'crash' as const,
    ),
  })
  .map((actor) => new Begin(actor))
const caller: fc.Arbitrary<Command> = fc
  .record({
    does: fc.constant('call' as const),
    by: fc.constantFrom(
      'ours' as const,
      'agency-one' as const,
      'agency-two' as const,
      'robot' as const,
      'agency-robot' as const,
    ),
    doesAsk: fc.constantFrom(true, true, false),
    isTalk: fc.constantFrom(true, false, false),
    skewMs,
  })
  .map((actor) => new Begin(actor))
const binder: fc.Arbitrary<Command> = fc
  .record({ does: fc.constantFrom('hold' as const, 'pay' as const), skewMs })
  .map((actor) => new Begin(actor))

/** Dispatchers and callers in every mix, now and then a hold or a payment, now and then a rest. */
export function raceCommands(): fc.Arbitrary<Iterable<Command>> {
  const rest: fc.Arbitrary<Command> = fc.constant(new Rest())
  return fc.commands([dispatcher, dispatcher, dispatcher, caller, caller, caller, binder, rest], {
    maxCommands: 10,
    size: 'max',
  })
}
