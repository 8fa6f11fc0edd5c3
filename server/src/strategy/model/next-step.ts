import { addDays, type EpochDay } from '@dunlin/kernel'
import type { ConditionFacts, Step, Strategy } from './strategy.ts'

/** What a strategy knows of a case. Dates are local; amounts in major units only for conditions. */
export type CaseFacts = {
  readonly agesFromOn: EpochDay | null
  readonly heldDpd: number | null
  readonly nextDueOn: EpochDay | null
  readonly arrears: number
  readonly due: number
  readonly language: string
  /** The last day on which steps were taken; nothing due on or before it is taken again. */
  readonly lastStepOn: EpochDay | null
  readonly promise: { readonly dueOn: EpochDay; readonly state: string } | null
  readonly outcome: { readonly code: string; readonly on: EpochDay } | null
}

export type NextStep = {
  readonly stage: string | null
  /** Steps to take today; several when they share a day. */
  readonly now: readonly Step[]
  /** The day of the next step, with the step that comes then; null when none is known. */
  readonly next: { readonly on: EpochDay; readonly key: string } | null
}

/**
 * What to do for a case today, and when to look again. Pure: a late cycle takes only the steps of
 * the latest day that has come, so a missed week never turns into a week of messages at once.
 */
export function nextStep(strategy: Strategy, facts: CaseFacts, today: EpochDay): NextStep {
  const dpd = caseDpd(facts, today)
  const stage = stageName(strategy, dpd)
  const dated = strategy.steps.flatMap((step) => {
    const on = dueOn(step, facts, today)
    return on === null ? [] : [{ step, on }]
  })
  const open = dated.filter(
    ({ step, on }) => on <= today && isOpen(step, on, { strategy, facts, stage }),
  )
  const latest = Math.max(...open.map(({ on }) => on))
  const asked = conditionFacts(facts, dpd, stage)
  const isStopped = open.length > 0 && strategy.isStopped(asked)
  const wanted = open.filter(({ step, on }) => on === latest && !isStopped && step.isWanted(asked))
  return {
    stage,
    now: wanted.map(({ step }) => step),
    next: earliestOf(dated.filter(({ on }) => on > today)),
  }
}

type Dated = { readonly step: Step; readonly on: EpochDay }

function earliestOf(dated: readonly Dated[]): NextStep['next'] {
  let first: Dated | null = null
  for (const each of dated) if (first === null || each.on < first.on) first = each
  return first === null ? null : { on: first.on, key: first.step.key }
}

/** DPD of a case on a day; before the due date the days to go, as a number below zero. */
function caseDpd(facts: CaseFacts, today: EpochDay): number {
  if (facts.heldDpd !== null) return facts.heldDpd
  if (facts.agesFromOn !== null) return Math.max(0, today - facts.agesFromOn)
  return facts.nextDueOn === null ? 0 : Math.min(0, today - facts.nextDueOn)
}

function stageName(strategy: Strategy, dpd: number): string | null {
  const found = strategy.document.stages.find(
    ({ from, to }) => from <= dpd && (to === null || dpd <= to),
  )
  return found?.name ?? null
}

/** Not taken before, and of the stage the case is in: the ladder of an earlier stage is not climbed again. */
function isOpen(
  step: Step,
  on: EpochDay,
  { strategy, facts, stage }: { strategy: Strategy; facts: CaseFacts; stage: string | null },
): boolean {
  if (facts.lastStepOn !== null && on <= facts.lastStepOn) return false
  return !('dpd' in step.trigger) || stageName(strategy, step.trigger.dpd) === stage
}

function dueOn({ trigger }: Step, facts: CaseFacts, today: EpochDay): EpochDay | null {
  if ('dpd' in trigger) return dayOfDpd(trigger.dpd, facts, today)
  if ('outcome' in trigger) {
    return facts.outcome?.code === trigger.outcome
      ? addDays(facts.outcome.on, trigger.daysAfterOutcome)
      : null
  }
  if (facts.promise === null) return null
  if ('daysBeforePromise' in trigger) {
    return facts.promise.state === 'open'
      ? addDays(facts.promise.dueOn, -trigger.daysBeforePromise)
      : null
  }
  return facts.promise.state === 'kept'
    ? null
    : addDays(facts.promise.dueOn, trigger.daysAfterPromise)
}

function dayOfDpd(dpd: number, facts: CaseFacts, today: EpochDay): EpochDay | null {
  if (facts.heldDpd !== null) return facts.heldDpd === dpd ? today : null
  if (dpd > 0) return facts.agesFromOn === null ? null : addDays(facts.agesFromOn, dpd)
  return facts.agesFromOn !== null || facts.nextDueOn === null
    ? null
    : addDays(facts.nextDueOn, dpd)
}

function conditionFacts(facts: CaseFacts, dpd: number, stage: string | null): ConditionFacts {
  return {
    dpd,
    stage: stage ?? '',
    arrears: facts.arrears,
    due: facts.due,
    outcome: facts.outcome?.code ?? '',
    promise: facts.promise?.state ?? '',
    language: facts.language,
  }
}
