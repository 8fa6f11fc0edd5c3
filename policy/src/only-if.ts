import { localDay, weekday } from '@dunlin/kernel'
import { compileEventFilter, countInPeriod } from './count-events.ts'
import type { RuleOf } from './pack.ts'
import { isWithParty, type LocalClock, type Scene } from './scene.ts'

/** What must hold besides the count for a cap to bind; always true when the rule asks nothing. */
export function compileOnlyIf({
  onlyIf,
  events,
  period,
}: RuleOf<'cap'>): (scene: Scene) => boolean {
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
  const isCounted = compileEventFilter(events)
  return (scene) =>
    scene.clocks.some((clock) => {
      if (!isDayOff(scene, clock.day)) return false
      const onWorkingDay = countInPeriod(
        scene,
        clock,
        (event) =>
          isCounted(event, scene) &&
          isWithParty(event, scene) &&
          !isDayOff(scene, localDay(clock.zone, event.at)),
        period,
      )
      return onWorkingDay === 0
    })
}

function isDayOff(scene: Scene, day: LocalClock['day']): boolean {
  return weekday(day) === 7 || scene.prepared.holidays.has(day)
}
