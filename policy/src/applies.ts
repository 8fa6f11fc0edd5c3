import type { Applies } from './pack.ts'
import type { Scene } from './scene.ts'
import { type Channel, channelsOf, type Person, type Purpose } from './vocabulary.ts'

/** Whether a rule can be about a channel and a purpose at all: decided once, when the policy is compiled. */
export function mayConcern(applies: Applies, channel: Channel, purpose: Purpose): boolean {
  const { channels, purposes, notPurposes } = applies
  if (channels !== undefined && !channels.some((word) => channelsOf(word).includes(channel)))
    return false
  if (purposes !== undefined && !purposes.some((word) => isPurpose(word, purpose))) return false
  return notPurposes === undefined || !notPurposes.some((word) => isPurpose(word, purpose))
}

function isPurpose(word: Purpose | 'collection', purpose: Purpose): boolean {
  return word === 'collection' ? purpose !== 'service' : word === purpose
}

type Test = (scene: Scene) => boolean

/**
 * The rest of a rule's filter as one function of the scene; constant true when there is none. The
 * direction is not asked here: a reply turns into an outbound contact when its time is over.
 */
export function compileApplies(applies: Applies): Test {
  const tests = [...personTests(applies), ...contactTests(applies), ...debtTests(applies)]
  const [first, second] = tests
  if (first === undefined) return always
  if (second === undefined) return first
  return (scene) => tests.every((test) => test(scene))
}

/** The filter of a rule that concerns every contact; told by identity, so that it need not be asked. */
export function always(): boolean {
  return true
}

function personTests({ party, relations, notRelations }: Applies): Test[] {
  const tests: Test[] = []
  if (party !== undefined) tests.push((scene) => party.some((word) => isRole(scene, word)))
  if (relations !== undefined) {
    tests.push((scene) => scene.party !== undefined && relations.includes(scene.party.relation))
  }
  if (notRelations !== undefined) {
    tests.push((scene) => scene.party === undefined || !notRelations.includes(scene.party.relation))
  }
  return tests
}

function isRole(scene: Scene, word: Person): boolean {
  switch (word) {
    case 'obligor':
      return scene.isObligor
    case 'representative':
      return scene.isRepresentative
    case 'third':
      return scene.isThird
    case 'spouse':
      return scene.party?.relation === 'spouse'
    case 'consumer':
      return (
        scene.isObligor ||
        scene.party?.relation === 'spouse' ||
        scene.party?.relation === 'executor'
      )
  }
}

function contactTests(applies: Applies): Test[] {
  const { via, contentKinds, notContentKinds, actors, agency, roles } = applies
  const tests: Test[] = []
  if (via !== undefined) tests.push((scene) => includes(via, scene.intent.via))
  if (contentKinds !== undefined)
    tests.push((scene) => includes(contentKinds, scene.intent.content?.kind))
  if (notContentKinds !== undefined) {
    tests.push((scene) => !includes(notContentKinds, scene.intent.content?.kind))
  }
  if (actors !== undefined)
    tests.push((scene) => actors.includes(scene.intent.actor?.kind ?? 'agent'))
  if (agency === true) tests.push((scene) => scene.intent.actor?.agency !== undefined)
  if (roles !== undefined) tests.push((scene) => roles.includes(scene.role))
  return [...tests, ...placeTests(applies)]
}

function placeTests({ hasPoint, pointWork, place }: Applies): Test[] {
  const tests: Test[] = []
  if (hasPoint === true) tests.push((scene) => scene.point !== undefined)
  if (pointWork !== undefined) tests.push((scene) => (scene.point?.work === true) === pointWork)
  if (place !== undefined) {
    tests.push((scene) => (knownPlace(scene) === 'work') === (place === 'work'))
  }
  return tests
}

/** Where the contact meets the person, as far as it is known. */
export function knownPlace(scene: Scene): 'home' | 'work' | 'other' | undefined {
  return (
    scene.intent.place ?? scene.point?.place ?? (scene.point?.work === true ? 'work' : undefined)
  )
}

function debtTests({ anyProduct, noProduct }: Applies): Test[] {
  const tests: Test[] = []
  const has = (scene: Scene, products: readonly string[]) =>
    scene.debts.some((debt) => debt?.product !== undefined && products.includes(debt.product))
  if (anyProduct !== undefined) tests.push((scene) => has(scene, anyProduct))
  if (noProduct !== undefined) tests.push((scene) => !has(scene, noProduct))
  return tests
}

function includes<T>(list: readonly T[], value: T | undefined): boolean {
  return value !== undefined && list.includes(value)
}
