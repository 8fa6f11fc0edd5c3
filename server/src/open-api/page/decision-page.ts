import { renderExplanation } from '@dunlin/policy'
import { z } from 'zod'
import type { App } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { mustExplain, placeOf } from '../gate/explain-decisions.ts'
import { authorisePage, HEADERS } from './page-access.ts'

/** `GET /decisions/{id}`: one decision as a page for whoever it is about or whoever inspects it; `?lang=en` or `zh`. */
export function routeDecisionPage(app: App, context: ApiContext): void {
  const schema = {
    hide: true,
    params: z.object({ id: z.string().regex(/^\d{1,18}-\d{1,18}$/) }),
    querystring: z.object({ lang: z.enum(['zh', 'en']).optional() }),
  }
  app.get('/decisions/:id', { schema }, async (request, reply) => {
    await authorisePage(context, request)
    const [borrowerId, decisionId] = placeOf(request.params.id)
    const { explanation, ...decision } = await mustExplain(context, { borrowerId, decisionId })
    const prefersEnglish = /^en\b/i.test(request.headers['accept-language'] ?? '')
    const language = request.query.lang ?? (prefersEnglish ? 'en' : 'zh')
    const languages = { zh: '?lang=zh', en: '?lang=en' }
    const page = renderExplanation(explanation, { language, decision, languages })
    return reply
      .headers({ ...HEADERS, 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(page)
  })
}
