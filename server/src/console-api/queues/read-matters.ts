import { capabilitiesOf, listMatterQueue, readMatterFile } from '@dunlin/contract'
import { formatInstant, formatLocalDate, utcDate } from '@dunlin/kernel'
import { listStaff } from '../../people/index.ts'
import { readMatter } from '../../plans/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ConsoleContext, reachOf } from '../context.ts'
import { serve } from '../serve.ts'
import { toItem } from './matter-item.ts'
import { countMatters, findMatterRow, listHoldRows, listMatterRows } from './queue-store.ts'

/** Matters by their deadline, and one whole with its words, its steps and who may be given it. */
export function routeReadMatters(app: App, context: ConsoleContext): void {
  const { db, sealer } = context
  serve(app, context, listMatterQueue, async ({ asker, query, at }) => {
    const reach = reachOf(asker)
    const today = formatLocalDate(utcDate(at))
    const { state, kind = null, mine, late, untold, cursor, limit } = query
    const asked = {
      ...{ reach, state, kind, limit, place: placeOf(cursor) },
      owner: mine === undefined ? null : asker.email,
      dueBefore: late === undefined ? null : today,
      isUntold: untold !== undefined,
    }
    const [rows, counts] = await Promise.all([
      listMatterRows(db, asked),
      countMatters(db, { reach, owner: asker.email, today }),
    ])
    const last = rows.at(-1)
    const nextCursor = rows.length < limit || last === undefined ? null : `${last.dueOn}~${last.id}`
    return { items: rows.map((row) => toItem(row, { asker, at })), nextCursor, counts }
  })
  serve(app, context, readMatterFile, async ({ asker, idIn, at }) => {
    const matterId = idIn('matterId')
    const reach = reachOf(asker)
    const row = await findMatterRow(db, { matterId, reach })
    const matter = row === null ? null : await readMatter(db, sealer, matterId)
    if (row === null || matter === null)
      throw new Problem('resource.not_found', `there is no matter ${matterId}`, 'matterId')
    const { text, steps, documents, loanNo, appealUntilOn } = matter
    const held = await listHoldRows(db, {
      ...{ reach, at: formatInstant(at), kind: null, after: '0', limit: 1 },
      holdId: row.holdId,
    })
    return {
      ...toItem(row, { asker, at }),
      ...{ text, loanNo, isHeld: held.length > 0, isUntold: row.isUntold },
      steps: steps.map((step) => ({ ...step, detail: { ...step.detail } })),
      documents: documents.map(({ documentId, ...rest }) => ({ ...rest, id: documentId })),
      appealUntilOn: appealUntilOn === null ? null : formatLocalDate(appealUntilOn),
      owners: await listOwners(db),
    }
  })
}

/** Who works the queues. */
export async function listOwners(db: Database): Promise<{ email: string; name: string }[]> {
  return (await listStaff(db))
    .filter(({ roles }) => capabilitiesOf(roles).includes('queue.work'))
    .map(({ email, name }) => ({ email, name }))
}

const CURSOR = /^(?<dueOn>\d{4}-\d{2}-\d{2})~(?<id>\d{1,18})$/

function placeOf(cursor: string | undefined): { dueOn: string; id: string } | null {
  if (cursor === undefined) return null
  const { dueOn, id } = CURSOR.exec(cursor)?.groups ?? {}
  if (dueOn === undefined || id === undefined)
    throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  return { dueOn, id }
}
