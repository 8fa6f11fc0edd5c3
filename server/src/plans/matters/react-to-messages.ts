import { z } from 'zod'
import type { Reactions } from '../../platform/events/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Actor } from '../context.ts'
import type { MatterKind } from '../model/solutions.ts'
import { openMatter } from './open-matter.ts'
import { findSaid } from './said-store.ts'

/** Whose work it is until somebody takes it. */
const OWNER = 'inbox'
const SENDER: Actor = { id: 'message', role: 'agent' }
const MATTER_OF: Readonly<Record<string, MatterKind>> = {
  dispute: 'dispute',
  complaint: 'complaint',
  hardship: 'hardship',
  bereavement: 'bereavement',
}

/**
 * A message that stopped collection is owed a decision: its matter is taken in with its hold, in the
 * transaction that stores it, so that the hold has an owner, a deadline and an end.
 */
export function reactToMessages(reactions: Reactions, sealer: Sealer): void {
  reactions.on('message.received', async (tx, events, at) => {
    for (const { borrowerId, payload } of events) {
      const { messageId, holdId } = payload
      if (typeof messageId !== 'string' || typeof holdId !== 'string') continue
      const said = await findSaid(tx, { borrowerId, messageId, holdId })
      const kind = MATTER_OF[said?.kind ?? '']
      if (said === null || kind === undefined) continue
      const { caseId, channel, raisedBy, partyId, sealedBody } = said
      await openMatter({ tx, reactions, sealer, at }, SENDER, {
        ...{ caseId, kind, raisedBy, partyId, holdId },
        channel: wayOf(channel),
        text: wordsOf(sealer.open(sealedBody)),
        ...{ loanNo: null, owner: OWNER, documents: [] },
      })
    }
  })
}

/** Who spoke to a robot was on the phone. */
function wayOf(channel: string): string {
  return channel === 'robot-call' ? 'call' : channel
}

const body = z.object({ subject: z.string().nullable(), text: z.string() })

function wordsOf(opened: string): string {
  const { subject, text } = body.parse(JSON.parse(opened))
  return text.trim() === '' ? (subject ?? '') : text
}
