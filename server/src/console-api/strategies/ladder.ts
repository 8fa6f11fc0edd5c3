import type { Ladder, LadderStep } from '@dunlin/contract'
import type { Strategy } from '../../strategy/index.ts'

type Document = Strategy['document']

/** A strategy as it is drawn: each step under the stage that its day falls in. */
export function toLadder({ title, stages, steps, stop }: Document): Ladder {
  return {
    title,
    stages: stages.map(({ name, from, to }) => ({ name, from, to })),
    steps: steps.map((step) => {
      const trigger = triggerOf(step.trigger)
      return {
        key: step.key,
        stage: trigger.kind === 'dpd' ? stageAt(stages, trigger.days) : null,
        trigger,
        channel: step.channel,
        template: step.template,
        time: step.time,
        when: step.when ?? null,
      }
    }),
    stops: stop.map(({ when, because }) => ({ when, because })),
  }
}

function triggerOf(trigger: Document['steps'][number]['trigger']): LadderStep['trigger'] {
  if ('dpd' in trigger) return { kind: 'dpd', days: trigger.dpd, outcome: null }
  if ('daysAfterOutcome' in trigger)
    return {
      kind: 'after-outcome',
      days: trigger.daysAfterOutcome,
      outcome: trigger.outcome,
    }
  return 'daysBeforePromise' in trigger
    ? { kind: 'before-promise', days: trigger.daysBeforePromise, outcome: null }
    : { kind: 'after-promise', days: trigger.daysAfterPromise, outcome: null }
}

function stageAt(stages: Document['stages'], day: number): string | null {
  return stages.find(({ from, to }) => day >= from && (to === null || day <= to))?.name ?? null
}
