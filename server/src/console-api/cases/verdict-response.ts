import type { VerdictResponse } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'

type Reasons = Extract<Verdict, { verdict: 'refuse' }>['reasons']

/** The gate's answer as a lamp shows it: each reason with its rule and source. */
export function toVerdict(verdict: Verdict): VerdictResponse {
  return {
    verdict: verdict.verdict,
    until: verdict.verdict === 'defer' ? formatInstant(verdict.until) : null,
    reasons: verdict.verdict === 'permit' ? [] : toReasons(verdict.reasons),
    advice: toReasons(verdict.advice),
  }
}

function toReasons(reasons: Reasons): VerdictResponse['reasons'] {
  return reasons.map(({ rule, title, cite, severity, clears }) => ({
    rule,
    title: { ...title },
    cite: { instrument: cite.instrument, basis: cite.basis },
    severity,
    clears,
  }))
}
