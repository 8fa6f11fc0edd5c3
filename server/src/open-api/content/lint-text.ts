import { contentLintRequest, contentLintResponse } from '@dunlin/contract'
import { type Finding, lintContent } from '@dunlin/policy'
import { type App, Problem } from '../../platform/http/index.ts'
import { loadPolicy } from '../../platform/packs.ts'
import { segmentWords } from '../../platform/segment-words.ts'
import type { ApiContext } from '../context.ts'
import { findPortfolioPacks } from '../open-api-store.ts'

/** Packs of a text that belongs to no portfolio yet: those of `dunlin policy lint`. */
const PACKS = ['cn', 'wecom', 'lender-default']

/** What the content rules have against a text. Neither the text nor the answer is kept. */
export function routeContentLint(app: App, { db, gate }: ApiContext): void {
  const schema = {
    tags: ['gate'],
    summary: 'Lint a text: each place, its rule and what to do; nothing is kept',
    body: contentLintRequest,
    response: { 200: contentLintResponse },
  }
  const config = { scope: 'read', problems: ['resource.not_found', 'request.invalid'] } as const
  app.post('/api/v1/content/lint', { schema, config }, async (request) => {
    const { portfolio, ...question } = request.body
    const found = portfolio === undefined ? null : await findPortfolioPacks(db, portfolio)
    if (portfolio !== undefined && found === null)
      throw new Problem('resource.not_found', 'there is no such portfolio', 'portfolio')
    const policy = found === null ? loadPolicy(PACKS) : gate.policyOf(found.packs, found.overlay)
    if (policy === null)
      throw new Problem('request.invalid', 'a pack of the portfolio is not there', 'portfolio')
    const findings = lintContent(policy, question, { segment: segmentWords })
    return {
      blocks: findings.some(({ blocks }) => blocks),
      packs: policy.packs.map(({ id }) => id),
      findings: findings.map(toFinding),
    }
  })
}

function toFinding({ lexicon, cite, title, mend, ...finding }: Finding) {
  const { rule, severity, blocks, start, end, text } = finding
  const { instrument, basis, note } = cite
  return {
    rule,
    severity,
    blocks,
    list: lexicon,
    start,
    end,
    text,
    title: { ...title },
    cite: { instrument, basis, ...(note === undefined ? {} : { note }) },
    says: { ...mend },
  }
}
