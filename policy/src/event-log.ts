import type { HistoryEvent } from './facts.ts'
import { CHANNELS, type Channel, LINES, type Line, VIAS } from './vocabulary.ts'

// The history as columns of numbers. Caps are asked far more often than anything else and look at many
// events to count a few, so what an event was is one number and a filter is one mask.

const DIRECTIONS = ['outbound', 'reply', 'inbound'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What became of an event, as limits count it: a talk and an unknown fate stand before the line. */
export type Outcome = Exclude<Line, 'unknown'> | 'talk' | 'unknown-fate' | 'none'
export const OUTCOMES: readonly Outcome[] = [
  ...LINES.filter((line) => line !== 'unknown'),
  'talk',
  'unknown-fate',
  'none',
]

type Words = Readonly<Record<string, number>>
const DIRECTION_BITS = bitsOf(DIRECTIONS, 0)
const CHANNEL_BITS = bitsOf(CHANNELS, DIRECTIONS.length)
const OUTCOME_BITS = bitsOf(OUTCOMES, DIRECTIONS.length + CHANNELS.length)
const VIA_BITS = bitsOf([...VIAS, 'none'], DIRECTIONS.length + CHANNELS.length + OUTCOMES.length)

function bitsOf(words: readonly string[], from: number): Words {
  return Object.fromEntries(words.map((word, index) => [word, 1 << (from + index)]))
}

function maskOf(bits: Words, words: readonly string[] | undefined): number {
  const chosen = words ?? Object.keys(bits)
  return chosen.reduce((mask, word) => mask | (bits[word] ?? 0), 0)
}

/** The events that may match: each list absent means any. */
export function kindMask(wanted: {
  readonly directions: readonly Direction[]
  readonly channels: readonly Channel[] | undefined
  readonly outcomes: readonly Outcome[]
  readonly via: readonly string[] | undefined
}): number {
  return (
    maskOf(DIRECTION_BITS, wanted.directions) |
    maskOf(CHANNEL_BITS, wanted.channels) |
    maskOf(OUTCOME_BITS, wanted.outcomes) |
    maskOf(VIA_BITS, wanted.via)
  )
}

/** Outcomes that a filter on lines lets through: an unknown fate always, a talk unless it is left out. */
export function outcomesOf(filter: {
  readonly lines: readonly Line[] | undefined
  readonly notLines: readonly Line[] | undefined
  readonly talks: boolean
}): Outcome[] {
  const { lines, notLines, talks } = filter
  return OUTCOMES.filter((outcome) => {
    if (outcome === 'unknown-fate') return true
    if (outcome === 'talk') return talks
    if (outcome === 'none') return lines === undefined
    return notLines?.includes(outcome) !== true && lines?.includes(outcome) !== false
  })
}

/** Past contacts in order of time. */
export class EventLog {
  readonly given: readonly HistoryEvent[]
  /**
   * Two cells for each event, side by side because they are read together: its instant; then direction,
   * channel, outcome and way as one bit each, 0 until first asked for.
   */
  private readonly cells: number[]
  private events: readonly PastEvent[] | null = null

  /** Cells with the instants ascending, and a 0 behind each. */
  constructor(cells: number[], given: readonly HistoryEvent[]) {
    this.cells = cells
    this.given = given
  }

  get length(): number {
    return this.given.length
  }

  timeOf(index: number): number {
    return this.cells[2 * index] ?? 0
  }

  /** How many events had happened by an instant. */
  knownAt(at: number): number {
    let known = this.length
    while (known > 0 && this.timeOf(known - 1) > at) known -= 1
    return known
  }

  /** Whether the event is of a kind that the mask lets through. */
  isKind(index: number, mask: number): boolean {
    const kind = this.cells[2 * index + 1] ?? 0
    return ((kind === 0 ? this.readKind(index) : kind) & ~mask) === 0
  }

  /** The events as objects, for rules that ask more of them than their kind. */
  all(): readonly PastEvent[] {
    this.events ??= this.given.map((event, index) => new PastEvent(this.timeOf(index), event))
    return this.events
  }

  private readKind(index: number): number {
    const event = this.given[index]
    if (event === undefined) return -1
    const kind =
      (DIRECTION_BITS[event.direction ?? 'outbound'] ?? 0) |
      (CHANNEL_BITS[event.channel] ?? 0) |
      (OUTCOME_BITS[outcomeOf(event)] ?? 0) |
      (VIA_BITS[event.via ?? 'none'] ?? 0)
    this.cells[2 * index + 1] = kind
    return kind
  }
}

function outcomeOf({ line, effective, direction }: HistoryEvent): Outcome {
  if (effective === true) return 'talk'
  if (line !== undefined && line !== 'unknown') return line
  return direction === 'inbound' ? 'none' : 'unknown-fate'
}

/** A past contact with its instant read; absent fields stay absent because absence has a meaning. */
export class PastEvent {
  readonly at: number
  readonly given: HistoryEvent

  constructor(at: number, given: HistoryEvent) {
    this.at = at
    this.given = given
  }

  get channel(): Channel {
    return this.given.channel
  }

  get direction(): Direction {
    return this.given.direction ?? 'outbound'
  }

  get party(): string | undefined {
    return this.given.party
  }

  get point(): string | undefined {
    return this.given.point
  }

  get debts(): readonly string[] | undefined {
    return this.given.debts
  }

  get line(): Line | undefined {
    return this.given.line
  }

  get effective(): boolean {
    return this.given.effective === true
  }

  /** Sent, fate not known: always read against the contact. */
  get unknownFate(): boolean {
    return outcomeOf(this.given) === 'unknown-fate'
  }

  get via(): HistoryEvent['via'] {
    return this.given.via
  }

  get actorId(): string | undefined {
    return this.given.actor?.id
  }

  get agency(): string | undefined {
    return this.given.actor?.agency
  }
}
