import { appealMatterRequest, decideMatterRequest, giveMatter, tellMatter } from '@dunlin/contract'
import { formatInstant, type Instant, type Result } from '@dunlin/kernel'
import {
  type Actor,
  appealMatter,
  assignMatter,
  decideMatter,
  type PlanRefusal,
  recordTold,
  type Work,
} from '../../plans/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type Asker, type ConsoleContext, reachOf } from '../context.ts'
import { serve } from '../serve.ts'
import { findMatterRow } from './queue-store.ts'
import { listOwners } from './read-matters.ts'

/** A matter is taken or given, decided with reasons, told, appealed against; each is kept in the audit. */
export function routeChangeMatters(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, giveMatter, async ({ idIn, body: { owner }, asker, at }) => {
    if (!(await listOwners(db)).some(({ email }) => email === owner))
      throw new Problem('request.invalid', `${owner} does not work the queues`, 'owner')
    const given = { matterId: idIn('matterId'), owner }
    const done = { asker, at, matterId: given.matterId, action: 'matter.assigned' }
    await change(context, { ...done, detail: { owner } }, (work, actor) =>
      assignMatter(work, actor, given),
    )
    return { done: true as const }
  })
  serve(app, context, decideMatterRequest, async ({ idIn, body, asker, at }) => {
    const given = { ...body, matterId: idIn('matterId') }
    const { outcome, keepHold } = body
    const done = { asker, at, matterId: given.matterId, action: 'matter.decided' }
    const decided = await change(
      context,
      { ...done, detail: { outcome, keepHold } },
      (work, actor) => decideMatter({ ...work, gate }, actor, given),
    )
    return { state: decided.state, appealUntilOn: decided.appealUntilOn }
  })
  serve(app, context, tellMatter, async ({ idIn, body: { channel }, asker, at }) => {
    const given = { matterId: idIn('matterId'), channel }
    const done = { asker, at, matterId: given.matterId, action: 'matter.told' }
    await change(context, { ...done, detail: { channel } }, (work, actor) =>
      recordTold(work, actor, given),
    )
    return { done: true as const }
  })
  serve(app, context, appealMatterRequest, async ({ idIn, body: { reason }, asker, at }) => {
    const given = { matterId: idIn('matterId'), text: reason, owner: null }
    const done = { asker, at, matterId: given.matterId, action: 'matter.appealed' }
    await change(context, { ...done, detail: {} }, (work, actor) =>
      appealMatter(work, actor, given),
    )
    return { done: true as const }
  })
}

type Change = {
  readonly asker: Asker
  readonly at: Instant
  readonly matterId: string
  readonly action: string
  readonly detail: Readonly<Record<string, string | boolean>>
}

/** The change and its audit entry in one transaction; a matter out of reach is not there. */
async function change<Value>(
  { db, sealer, reactions }: ConsoleContext,
  { asker, at, matterId, action, detail }: Change,
  run: (work: Work, actor: Actor) => Promise<Result<Value, PlanRefusal>>,
): Promise<Value> {
  return db.transaction(async (tx) => {
    if ((await findMatterRow(tx, { matterId, reach: reachOf(asker) })) === null)
      throw new Problem('resource.not_found', `there is no matter ${matterId}`, 'matterId')
    const done = await run({ tx, at, sealer, reactions }, actorOf(asker))
    if (!done.ok) throw new Problem(done.refusal.code, done.refusal.detail, done.refusal.field)
    await insertAudit(tx, {
      ...{ at: formatInstant(at), actor: asker.email, action, detail },
      subject: `matter ${matterId}`,
    })
    return done.value
  })
}

const MANAGES = ['manager', 'compliance', 'administrator']

function actorOf({ email, roles }: Asker): Actor {
  if (roles.some((role) => MANAGES.includes(role))) return { id: email, role: 'manager' }
  return { id: email, role: roles.includes('team-lead') ? 'lead' : 'agent' }
}
