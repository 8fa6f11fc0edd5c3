import { PORTAL } from '@dunlin/contract'
import { formatInstant, formatLocalDate } from '@dunlin/kernel'
import { endHold, startHold } from '../../cases/index.ts'
import { lockBorrowers } from '../../loanbook/index.ts'
import type { Work } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { requestErasure } from '../../retention/index.ts'
import type { PortalContext } from '../context.ts'
import { serveAct, serveRead } from '../serve.ts'
import { type ChosenHold, listChosen } from './choice-store.ts'

const done = { done: true } as const
/** A robot's call is a call to whoever does not want to be called. */
const CHANNELS_OF = {
  sms: ['sms'],
  email: ['email'],
  call: ['call', 'robot-call'],
  wecom: ['wecom'],
} as const
const SOURCE = 'borrower'

/** How a borrower wants to be reached, and not: holds that the gate sees when this answers. */
export function routeChoices(app: App, context: PortalContext): void {
  const { db } = context
  serveRead({ app, context }, PORTAL.readChoices, async ({ visitor, at }) => {
    const holds = await listChosen(db, visitor.borrowerId, formatInstant(at))
    return {
      stops: holds.flatMap(({ channel, since }) =>
        channel === null || channel === 'robot-call' ? [] : [{ channel, since }],
      ),
      hours: holds.flatMap(({ hours }) => hours ?? []),
    }
  })
  serveAct({ app, context }, PORTAL.chooseChannel, async ({ visitor, work, body }) => {
    const { borrowerId } = visitor
    const holds = await lockChosen(work, borrowerId)
    for (const channel of CHANNELS_OF[body.channel]) {
      const open = holds.filter((hold) => hold.kind === 'channel-stop' && hold.channel === channel)
      if (!body.isStopped) await endAll(work, { borrowerId, holds: open })
      else if (open.length === 0)
        await startHold(work, {
          ...{ borrowerId, kind: 'channel-stop', scope: { channel }, from: work.at, to: null },
          ...{ reason: 'portal', source: SOURCE },
        })
    }
    return done
  })
  serveAct({ app, context }, PORTAL.chooseHours, async ({ visitor, work, body }) => {
    const { borrowerId } = visitor
    const holds = await lockChosen(work, borrowerId)
    const old = holds.filter(({ kind }) => kind === 'inconvenient-time')
    await endAll(work, { borrowerId, holds: old })
    if (body.hours.length > 0)
      await startHold(work, {
        ...{ borrowerId, kind: 'inconvenient-time', scope: { hours: body.hours } },
        ...{ from: work.at, to: null, reason: 'portal', source: SOURCE },
      })
    return done
  })
  serveAct({ app, context }, PORTAL.askErasure, async ({ visitor, work }) => {
    const { borrowerId } = visitor
    const asked = await requestErasure(work.tx, { borrowerId, by: SOURCE, at: work.at })
    if (asked === null) throw new Problem('resource.not_found', 'there is no such person')
    return { earliestOn: formatLocalDate(asked.earliestOn) }
  })
}

async function lockChosen({ tx, at }: Work, borrowerId: string): Promise<ChosenHold[]> {
  await lockBorrowers(tx, [borrowerId])
  return listChosen(tx, borrowerId, formatInstant(at))
}

async function endAll(
  work: Work,
  { borrowerId, holds }: { borrowerId: string; holds: readonly ChosenHold[] },
): Promise<void> {
  for (const { holdId } of holds) await endHold(work, { borrowerId, holdId })
}
