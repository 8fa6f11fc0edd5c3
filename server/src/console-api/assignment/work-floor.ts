import { changeAgent, listFloor, listWaitingCases } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ConsoleContext, reachOf } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { type AgentRow, listAgentRows, listWaitingRows, updateAgent } from './floor-store.ts'
import { teamOf } from './within-team.ts'

/** Bounds between bands of arrears, in minor units, where nobody says others. */
const BANDS: readonly number[] = [100_000, 500_000, 2_000_000]

/** The floor: agents with their load, room and skills, and the cases that nobody has. */
export function routeFloor(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, listFloor, async ({ asker, at }) => {
    assertOfHouse(asker)
    const on = formatInstant(at).slice(0, 10)
    const rows = await listAgentRows(db, { on, teamId: teamOf(asker) })
    return { items: rows.map(toAgent) }
  })
  serve(app, context, changeAgent, async ({ asker, textIn, body, at }) => {
    assertOfHouse(asker)
    const login = textIn('login')
    const skills = [...new Set(body.skills)].sort()
    await db.transaction(async (tx) => {
      const before = await updateAgent(tx, { login, capacity: body.capacity, skills })
      if (before === null)
        throw new Problem('resource.not_found', `there is no agent ${login}`, 'login')
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'agent.changed' },
        ...{ subject: `agent ${login}`, detail: { from: before, to: { ...body, skills } } },
      })
    })
    return { done: true as const }
  })
  serve(app, context, listWaitingCases, async ({ asker, query: { portfolio = null } }) => {
    assertOfHouse(asker)
    const rows = await listWaitingRows(db, { reach: reachOf(asker), portfolio, bands: BANDS })
    return { bands: [...BANDS], items: rows }
  })
}

function toAgent({ isActive, isCertified, ...row }: AgentRow) {
  const full = row.held >= row.capacity ? ('full' as const) : null
  const certified = isCertified ? full : ('uncertified' as const)
  return { ...row, barredBy: isActive ? certified : ('inactive' as const) }
}
