import { weekday } from '@dunlin/kernel'
import { compileCounter, compileEventFilter, type EventTest } from './count-events.ts'
import type { EventFilter, RuleOf } from './pack.ts'
import { isWithParty, type LocalClock, type Scene } from './scene.ts'

/** What must hold besides the count for a cap to bind; days off are asked event by event, where they are counted. */
export function compileOnlyIf({ onlyIf, period }: RuleOf<'cap'>): (scene: Scene) => boolean {
  if (onlyIf === undefined || 'allOnDaysOff' in onlyIf) return () => true
  if ('hasHad' in onlyIf) {
    const counts = withParty(onlyIf.hasHad)
    return (scene) => {
      for (let index = scene.known - 1; index >= 0; index -= 1) {
        if (counts(scene, index, undefined)) return true
      }
      return false
    }
  }
  const { alsoAtLeast } = onlyIf
  const countIn = compileCounter(period, withParty(onlyIf.events))
  return (scene) => scene.clocks.some((clock) => countIn(scene, clock, undefined) >= alsoAtLeast)
}

function withParty(filter: EventFilter): EventTest {
  const isKind = compileEventFilter(filter)
  return (scene, index, debt) => {
    const given = scene.prepared.log.given[index]
    return given !== undefined && isKind(scene, index, debt) && isWithParty(given, scene)
  }
}

/** A Sunday or a public holiday. */
export function isDayOff(scene: Scene, day: LocalClock['day']): boolean {
  return weekday(day) === 7 || scene.prepared.holidays.has(day)
}
