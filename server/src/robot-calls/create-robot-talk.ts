import { addDays, type Clock, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import type { Permit } from '../channels/permit.ts'
import type { CallLine } from '../channels/voice/line-outcome.ts'
import type { Heard, RobotTalk, Turn } from '../channels/voice/robot-talk.ts'
import {
  type Answer,
  beginDialogue,
  type Dialogue,
  fitsIdentity,
  identityEnd,
  type Memory,
  recordOutcome,
  robotDialogue,
  sectionsOf,
  stateOf,
  stepDialogue,
  yesOrNo,
} from '../contact/index.ts'
import { type ConversationContext, prepareMonth, takeMessage } from '../conversations/index.ts'
import { lockBorrowers, openPerson } from '../loanbook/index.ts'
import { recordPromise } from '../plans/index.ts'
import type { Tx } from '../platform/db/index.ts'
import { type CallRow, findCall } from './call-store.ts'

export type RobotTalkOptions = {
  readonly conversations: ConversationContext
  readonly clock: Clock
  readonly dialogue?: Dialogue
}
type World = RobotTalkOptions & {
  readonly dialogue: Dialogue
  readonly calls: Map<string, Memory>
}

const WORDS_AGAIN = { 'zh-CN': '不好意思，没有听清。', en: 'Sorry, I did not catch that. ' }

/**
 * What a robot says and does in a call. The words are the permit's, which the gate has read; what a person answers
 * is kept and acts on the gate before the robot speaks again; what came of the call is recorded when it is over.
 */
export function createRobotTalk(options: RobotTalkOptions): RobotTalk {
  const dialogue = options.dialogue ?? robotDialogue()
  const world: World = { ...options, dialogue, calls: new Map() }
  return {
    begin: (permit) => {
      const memory = beginDialogue(dialogue)
      world.calls.set(permit.permitId, memory)
      return turnOf(world, permit, { memory, isAgain: false })
    },
    heard: (permit, heard) => takeAnswer(world, permit, heard),
    ended: (permit, line) => endCall(world, permit, line),
  }
}

function turnOf(
  { dialogue }: World,
  { content }: Permit,
  { memory, isAgain }: { readonly memory: Memory; readonly isAgain: boolean },
): Turn {
  const { says = memory.state, asks, next } = stateOf(dialogue, memory.state)
  const words = required(sectionsOf(content.text).get(says), `section ${says}`)
  const again = content.language === 'en' ? WORDS_AGAIN.en : WORDS_AGAIN['zh-CN']
  return {
    say: isAgain ? `${again}${words}` : words,
    language: content.language,
    next:
      asks === null
        ? { kind: next }
        : { kind: 'listen', keys: asks.keys, waitMs: asks.seconds * 1000 },
  }
}

async function takeAnswer(world: World, permit: Permit, heard: Heard): Promise<Turn> {
  const { calls, dialogue, conversations, clock } = world
  const before = required(calls.get(permit.permitId), 'a call that began')
  const at = clock.now()
  await prepareMonth(conversations.db, at)
  const memory = await conversations.db.transaction(async (tx) => {
    await lockBorrowers(tx, [permit.borrowerId])
    const call = required(await findCall(tx, permit), 'the attempt of the call')
    const say = (text: string) => keepWords(world, tx, { call, text, at })
    const answer = await readAnswer(world, { before, heard, call, say })
    const after = stepDialogue(dialogue, before, answer)
    const { notes } = stateOf(dialogue, after.state)
    const note = notes?.[permit.content.language === 'en' ? 'en' : 'zh-CN']
    // A sentence was kept as it was said; a key is kept as what it stands for.
    if (answer.kind === 'keys' && after.state !== before.state && note !== undefined)
      await say(note)
    return after
  })
  calls.set(permit.permitId, memory)
  return turnOf(world, permit, { memory, isAgain: memory.state === before.state })
}

type Reading = {
  readonly before: Memory
  readonly heard: Heard
  readonly call: CallRow
  readonly say: (text: string) => Promise<string>
}

/** What was heard, as the machine knows it. A sentence is kept and understood first. */
async function readAnswer(
  { dialogue, conversations }: World,
  { before, heard, call, say }: Reading,
): Promise<Answer> {
  if (heard.kind === 'silence') return heard
  const { asks } = stateOf(dialogue, before.state)
  const said = heard.kind === 'keys' ? heard.keys : heard.text
  if (asks?.identity === true && identityEnd(said).length === asks.keys) {
    const { idNo } = openPerson(conversations.sealer, call.person)
    return { kind: 'identity', fits: fitsIdentity(said, idNo) }
  }
  if (heard.kind === 'keys') return heard
  const plain = yesOrNo(heard.text)
  if (plain !== null) return { kind: 'words', about: plain, says: plain }
  return { kind: 'words', about: await say(heard.text), says: null }
}

/** Keeps words as the person's own, and what follows from them; what they are about. */
async function keepWords(
  { conversations }: World,
  tx: Tx,
  { call, text, at }: { readonly call: CallRow; readonly text: string; readonly at: Instant },
): Promise<string> {
  const taken = await takeMessage(conversations, tx, {
    sender: {
      ...{ borrowerId: call.borrower_id, partyId: null, contactPointId: call.contact_point_id },
    },
    ...{ accountId: call.provider_account_id, channel: 'robot-call', at, subject: null, text },
    ...{ isAutomatic: false, attemptId: call.attempt_id },
  })
  return taken?.class ?? 'other'
}

async function endCall(world: World, permit: Permit, line: CallLine): Promise<void> {
  const { calls, conversations, clock } = world
  const memory = calls.get(permit.permitId)
  calls.delete(permit.permitId)
  const { db, reactions } = conversations
  const at = clock.now()
  const { borrowerId, attemptId } = permit
  await db.transaction(async (tx) => {
    await lockBorrowers(tx, [borrowerId])
    const outcome = await recordOutcome(
      { tx, reactions, at },
      {
        ...{ borrowerId, attemptId, line, delayReason: null, by: 'robot' },
        party: line === 'connected' ? (memory?.party ?? null) : null,
        talk: line === 'connected' ? (memory?.talk ?? null) : null,
      },
    )
    if (!outcome.ok || memory === undefined || memory.promiseInDays === null) return
    await keepPromise(world, tx, { permit, inDays: memory.promiseInDays, at })
  })
}

/** Of what is owed by the day of the call; a promise that the law of promises refuses stays a talk's outcome. */
async function keepPromise(
  { conversations }: World,
  tx: Tx,
  { permit, inDays, at }: { permit: Permit; inDays: number; at: Instant },
): Promise<void> {
  const call = await findCall(tx, permit)
  if (call?.case_id == null) return
  const amountMinor = BigInt(call.arrears_minor ?? '0')
  if (amountMinor <= 0n) return
  const today = localDay(required(zoneNamed(call.zone), `zone ${call.zone}`), at)
  await recordPromise(
    { tx, reactions: conversations.reactions, at },
    {
      ...{ caseId: call.case_id, currency: call.currency, source: 'robot', isReadBack: true },
      ...{ attemptId: permit.attemptId, graceDays: 0, keepsAtPercent: 100 },
      parts: [{ dueOn: addDays(today, inDays), amountMinor }],
    },
  )
}
