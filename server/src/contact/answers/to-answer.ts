import type { explanationResponse, gateResponse, VerdictResponse } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import type { Explanation, Verdict } from '@dunlin/policy'
import type { z } from 'zod'

type Reasons = Extract<Verdict, { verdict: 'refuse' }>['reasons']

/** The gate's answer as callers see it. */
export function toVerdict(verdict: Verdict): VerdictResponse {
  return {
    verdict: verdict.verdict,
    until: verdict.verdict === 'defer' ? formatInstant(verdict.until) : null,
    reasons: verdict.verdict === 'permit' ? [] : toReasons(verdict.reasons),
    advice: toReasons(verdict.advice),
  }
}

/** The same with the duties and counts of a permit. */
export function toGateAnswer(verdict: Verdict): z.infer<typeof gateResponse> {
  const permitted = verdict.verdict === 'permit' ? verdict : { duties: [], counters: [] }
  return {
    ...toVerdict(verdict),
    duties: permitted.duties.map(({ rule, title }) => ({ rule, title: { ...title } })),
    counters: permitted.counters.map((counter) => ({ ...counter })),
  }
}

export function toExplanation(explanation: Explanation): z.infer<typeof explanationResponse> {
  const { verdict, untilLocal, asked, considered, changes, packs } = explanation
  return {
    answer: toGateAnswer(verdict),
    untilLocal: untilLocal.map((each) => ({ ...each })),
    asked: { ...asked, local: asked.local.map((each) => ({ ...each })) },
    considered: considered.map(({ figures, title, says, ...rest }) => ({
      ...rest,
      title: { ...title },
      says: { ...says },
      ...(figures === undefined ? {} : { figures: { ...figures } }),
    })),
    changes: changes.map(({ what, ...rest }) => ({ ...rest, what: { ...what } })),
    packs: [...packs],
  }
}

function toReasons(reasons: Reasons): VerdictResponse['reasons'] {
  return reasons.map(({ rule, title, cite, severity, clears, field, figures }) => ({
    rule,
    title: { ...title },
    cite: { instrument: cite.instrument, basis: cite.basis },
    severity,
    clears,
    ...(field === undefined ? {} : { field }),
    ...(figures === undefined ? {} : { figures: { ...figures } }),
  }))
}
