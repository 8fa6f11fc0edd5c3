import { permissionsResponse } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'
import { previewContacts, toVerdict } from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { caseParams, mustFind } from './read-cases.ts'

/** `GET /api/v1/cases/{id}/permissions`: the gate's answer to every channel and point, without a contact. */
export function routePermissions(app: App, context: ApiContext): void {
  const { db, gate, clock } = context
  const schema = {
    tags: ['cases'],
    summary: 'Who may be contacted how, now and when at the earliest, with rules and sources',
    description:
      'Calls and visits are answered as for a certified person of ours, robot calls as for a robot.',
    params: caseParams,
    response: { 200: permissionsResponse },
  }
  const config = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/cases/:id/permissions', { schema, config }, async (request) => {
    const caseId = request.params.id
    await mustFind(db, caseId, 'id')
    const at = clock.now()
    const given = { caseId, at, carriers: await listCarriers(db) }
    const items = (await previewContacts(db, gate, given)).map((each) => ({
      channel: each.channel,
      contactPointId: each.contactPointId,
      point: each.masked,
      relation: each.relation,
      template: each.template,
      now: toVerdict(each.verdict),
      earliestAt: earliest(each.verdict, at),
    }))
    return { caseId, at: formatInstant(at), items }
  })
}

function earliest(verdict: Verdict, at: Instant): string | null {
  if (verdict.verdict === 'refuse') return null
  return formatInstant(verdict.verdict === 'permit' ? at : verdict.until)
}

/** Channels with an account whose terms let it carry collection content. */
export async function listCarriers(db: Database): Promise<ReadonlySet<string>> {
  const accounts = await listAccounts(db)
  return new Set(accounts.filter((each) => each.collectionContent).map(({ channel }) => channel))
}
