import { z } from 'zod'

const target = z.string().regex(/^[a-z][a-z-]{0,30}$/)
const party = z.enum(['right-party', 'third-party', 'wrong-person'])

const stateSchema = z.strictObject({
  /** The template's section that is said; absent: the one with the state's name. */
  says: target.optional(),
  /** Its words speak of a debt. */
  debt: z.boolean().default(false),
  asks: z
    .strictObject({
      keys: z.int().min(1).max(20),
      seconds: z.int().min(1).max(60),
      /** The answer is compared with the end of the borrower's identity number. */
      identity: z.boolean().default(false),
      triesMax: z.int().min(1).max(5).default(2),
    })
    .nullable()
    .default(null),
  on: z.record(z.string(), target).default({}),
  next: z.enum(['hang-up', 'transfer']).default('hang-up'),
  /** Who it was, once the state is reached. */
  party: party.optional(),
  /** What was said, as a code of a talk's outcome. */
  talk: z.string().optional(),
  promiseInDays: z.int().min(0).max(60).optional(),
  /** What a key stands for, in the words that are kept and understood as the person's own. */
  notes: z.record(z.enum(['zh-CN', 'en']), z.string()).optional(),
})

const dialogueSchema = z.strictObject({
  start: target,
  missesMax: z.int().min(1).max(5),
  lost: target,
  states: z.record(target, stateSchema),
  words: z.record(z.string(), target),
})

export type DialogueState = z.infer<typeof stateSchema>
export type Dialogue = z.infer<typeof dialogueSchema>

/** An answer as the machine knows it: keys, what a sentence is about, whether an identity fits, or nothing. */
export type Answer =
  | { readonly kind: 'keys'; readonly keys: string }
  | { readonly kind: 'words'; readonly about: string; readonly says: 'yes' | 'no' | null }
  | { readonly kind: 'identity'; readonly fits: boolean }
  | { readonly kind: 'silence' }

/** Where a call stands, and what came of it so far. */
export type Memory = {
  readonly state: string
  readonly misses: number
  readonly identityTries: number
  readonly party: z.infer<typeof party> | null
  readonly talk: string | null
  readonly promiseInDays: number | null
}

/** Reads a dialogue. Throws on a target that is no state, and on a way to a debt that leads past the identity. */
export function readDialogue(value: unknown): Dialogue {
  const dialogue = dialogueSchema.parse(value)
  for (const to of [dialogue.start, dialogue.lost, ...targetsOf(dialogue)])
    if (dialogue.states[to] === undefined) throw new Error(`dialogue: there is no state ${to}`)
  const open = reachable(dialogue, [
    dialogue.start,
    dialogue.lost,
    ...Object.values(dialogue.words),
  ])
  const told = open.find((name) => {
    const state = stateOf(dialogue, name)
    return state.debt || state.party === 'right-party' || state.promiseInDays !== undefined
  })
  if (told !== undefined) throw new Error(`dialogue: ${told} is reached without an identity`)
  return dialogue
}

/** The states that can be reached by anybody, whose identity was not verified. */
function reachable(dialogue: Dialogue, from: readonly string[]): readonly string[] {
  const seen = new Set(from)
  for (const name of seen)
    for (const [answer, to] of Object.entries(stateOf(dialogue, name).on))
      if (answer !== 'verified') seen.add(to)
  return [...seen]
}

function targetsOf({ states, words }: Dialogue): readonly string[] {
  return [...Object.values(states).flatMap(({ on }) => Object.values(on)), ...Object.values(words)]
}

export function stateOf(dialogue: Dialogue, name: string): DialogueState {
  const state = dialogue.states[name]
  if (state === undefined) throw new Error(`dialogue: there is no state ${name}`)
  return state
}

/** Where every call begins. */
export function beginDialogue(dialogue: Dialogue): Memory {
  return {
    ...{ state: dialogue.start, misses: 0, identityTries: 0 },
    ...{ party: null, talk: null, promiseInDays: null },
  }
}

/** What an answer leads to. Pure: the same answers lead the same way. */
export function stepDialogue(dialogue: Dialogue, memory: Memory, answer: Answer): Memory {
  const { on, asks } = stateOf(dialogue, memory.state)
  if (answer.kind === 'identity') {
    const identityTries = memory.identityTries + 1
    if (answer.fits) return enter(dialogue, { ...memory, identityTries }, on.verified)
    const isOver = identityTries >= (asks?.triesMax ?? 1)
    return isOver
      ? enter(dialogue, { ...memory, identityTries }, on.unverified)
      : { ...memory, identityTries }
  }
  const to = answer.kind === 'silence' ? undefined : leadsTo(dialogue, on, answer)
  if (to !== undefined) return enter(dialogue, memory, to)
  const misses = memory.misses + 1
  return misses > dialogue.missesMax
    ? enter(dialogue, { ...memory, misses }, dialogue.lost)
    : { ...memory, misses }
}

function leadsTo(
  { words }: Dialogue,
  on: DialogueState['on'],
  answer: Extract<Answer, { kind: 'keys' | 'words' }>,
): string | undefined {
  if (answer.kind === 'keys') return on[answer.keys]
  // What asks for care comes before what was asked; then what the state knows, then yes and no.
  return (
    words[answer.about] ?? on[answer.about] ?? (answer.says === null ? undefined : on[answer.says])
  )
}

function enter(dialogue: Dialogue, memory: Memory, to: string | undefined): Memory {
  const name = to ?? dialogue.lost
  const { party: who, talk, promiseInDays } = stateOf(dialogue, name)
  return {
    ...memory,
    state: name,
    party: who ?? memory.party,
    talk: talk ?? memory.talk,
    promiseInDays: promiseInDays ?? memory.promiseInDays,
  }
}
