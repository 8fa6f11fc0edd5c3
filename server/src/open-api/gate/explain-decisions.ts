import { decisionExplanationResponse } from '@dunlin/contract'
import { z } from 'zod'
import { type ExplainedDecision, explainDecision, toExplanation } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

const params = z.object({
  id: z.string().regex(/^\d{1,18}-\d{1,18}$/, 'expected an id such as 12-345'),
})

/** Why a contact was or was not allowed, from what is stored with the decision: by its id, or by its attempt's. */
export function routeExplanations(app: App, context: ApiContext): void {
  const config = { scope: 'read', problems: ['resource.not_found', 'evidence.erased'] } as const
  const response = { 200: decisionExplanationResponse }
  const byDecision = {
    tags: ['gate'],
    summary:
      'Why a decision fell as it did: rules, figures, sources, and what would have changed it',
    params,
    response,
  }
  const path = '/api/v1/decisions/:id/explanation'
  app.get(path, { schema: byDecision, config }, async (request) => {
    const [borrowerId, decisionId] = placeOf(request.params.id)
    return toResponse(await mustExplain(context, { borrowerId, decisionId }))
  })
  const byAttempt = { ...byDecision, summary: 'The same for the gate’s last word on a contact' }
  const attempts = '/api/v1/attempts/:id/explanation'
  app.get(attempts, { schema: byAttempt, config }, async (request) => {
    const [borrowerId, attemptId] = placeOf(request.params.id)
    return toResponse(await mustExplain(context, { borrowerId, attemptId }))
  })
}

/** The two numbers of a public id: the borrower's, and the decision's or attempt's own. */
export function placeOf(id: string): [string, string] {
  const [borrowerId = '', own = ''] = id.split('-')
  return [borrowerId, own]
}

export async function mustExplain(
  { db, sealer }: Pick<ApiContext, 'db' | 'sealer'>,
  place: Parameters<typeof explainDecision>[1],
): Promise<ExplainedDecision> {
  const explained = await explainDecision({ db, sealer }, place)
  if (explained === null) throw new Problem('resource.not_found', 'there is no such decision', 'id')
  if (explained === 'payload erased') {
    throw new Problem(
      'evidence.erased',
      'the facts of this decision were erased at the end of their retention; its leaf still verifies',
      'id',
    )
  }
  return explained
}

function toResponse({
  explanation,
  ...decision
}: ExplainedDecision): z.infer<typeof decisionExplanationResponse> {
  return { ...toExplanation(explanation), decision }
}
