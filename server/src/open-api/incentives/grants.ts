import { grantResponse, grantsResponse, id, madeResponse, takeRequest } from '@dunlin/contract'
import { z } from 'zod'
import { type Grant, listGrantsOf, takeGrant } from '../../incentives/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const tags = ['incentives']
const params = z.strictObject({ id })

/** What a borrower's kept promises earned, and the borrower taking it. */
export function routeGrants(app: App, context: ApiContext): void {
  const list = {
    tags,
    summary: 'What the kept promises of a case earned',
    params,
    response: { 200: grantsResponse },
  }
  const read = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/cases/:id/incentives', { schema: list, config: read }, async (request) => {
    await mustFind(context.db, request.params.id, 'id')
    const grants = await listGrantsOf(context.db, request.params.id)
    return { items: await Promise.all(grants.map((grant) => toResponse(context, grant))) }
  })
  const schema = {
    tags,
    summary: 'The borrower takes a grant; what the page needs for the confirmation in WeChat',
    params,
    body: takeRequest,
    response: { 200: grantResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: ['resource.not_found', 'incentive.not_to_take', 'incentive.no_account'],
  } as const
  app.post('/api/v1/incentives/grants/:id/take', { schema, config }, async (request) => {
    const { id: grantId } = request.params
    // Taking it is the same once or often; the key only keeps two different requests apart.
    await answerOnce(context, request, {
      schema: madeResponse,
      work: async () => ({ status: 200, body: { id: grantId } }),
    })
    const { openid } = request.body
    const taken = await takeGrant(context.payments, { grantId, openid })
    if (!taken.ok) throw new Problem(taken.refusal.code, taken.refusal.detail, taken.refusal.field)
    return toResponse(context, taken.value)
  })
}

async function toResponse(
  { payments }: ApiContext,
  grant: Grant,
): Promise<z.infer<typeof grantResponse>> {
  const { accountId, packageInfo, state } = grant
  const merchant = accountId === null ? null : await payments.merchants.find({ accountId })
  const isWaiting = state === 'waiting' && packageInfo !== null && merchant !== null
  return {
    ...{ id: grant.grantId, ruleId: grant.ruleId, promiseId: grant.promiseId, kind: grant.kind },
    ...{ state, amountMinor: Number(grant.amountMinor), currency: grant.currency },
    ...{ activity: grant.activity, reward: grant.reward, failure: grant.failure },
    confirm: isWaiting
      ? {
          mchId: merchant.settings.merchantId,
          appId: merchant.settings.appId,
          package: packageInfo,
        }
      : null,
  }
}
