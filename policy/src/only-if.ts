import { weekday } from '@dunlin/kernel'
import { compileEventFilter, countInPeriod } from './count-events.ts'
import type { RuleOf } from './pack.ts'
import { isWithParty, type LocalClock, type Scene } from './scene.ts'

/** What must hold besides the count for a cap to bind; days off are asked event by event, where they are counted. */
export function compileOnlyIf({ onlyIf, period }: RuleOf<'cap'>): (scene: Scene) => boolean {
  if (onlyIf === undefined) return () => true
  if ('hasHad' in onlyIf) {
    const isKind = compileEventFilter(onlyIf.hasHad)
    return (scene) =>
      scene.events.some((event) => isKind(event, scene) && isWithParty(event, scene))
  }
  if ('alsoAtLeast' in onlyIf) {
    const isKind = compileEventFilter(onlyIf.events)
    const { alsoAtLeast } = onlyIf
    return (scene) =>
      scene.clocks.some(
        (clock) =>
          countInPeriod(
            scene,
            clock,
            (event) => isKind(event, scene) && isWithParty(event, scene),
            period,
          ) >= alsoAtLeast,
      )
  }
  return () => true
}

/** A Sunday or a public holiday. */
export function isDayOff(scene: Scene, day: LocalClock['day']): boolean {
  return weekday(day) === 7 || scene.prepared.holidays.has(day)
}
