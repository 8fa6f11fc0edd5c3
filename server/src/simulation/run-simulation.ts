import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settingsSchema } from '@dunlin/contract'
import {
  addDays,
  type Clock,
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  localDay,
  parseInstant,
  required,
  seededRandom,
  zoneNamed,
} from '@dunlin/kernel'
import { syncCasesToday } from '../cases/index.ts'
import { applyReceipts, dispatchDue, type Gate, openRoute, reactToCases } from '../contact/index.ts'
import type { ConversationContext } from '../conversations/index.ts'
import { importFile } from '../loanbook/index.ts'
import { applySettings } from '../people/index.ts'
import { judgeOverduePromises, reactToLoans } from '../plans/index.ts'
import type { Database } from '../platform/db/index.ts'
import { createReactions, type Reactions } from '../platform/events/index.ts'
import { readPack } from '../platform/packs.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { runCycle, type Strategy } from '../strategy/index.ts'
import { createAgenda } from './agenda.ts'
import { bootstrap, type Interval } from './model/interval.ts'
import {
  countHappenings,
  findNextPlanned,
  listPeople,
  listResults,
  sumDue,
} from './simulation-store.ts'
import { virtualBook } from './virtual-book.ts'
import { createBorrowers, type VirtualBorrowers } from './virtual-borrowers.ts'

export type SimulationOptions = {
  /** An empty, migrated database of its own. */
  readonly db: Database
  readonly sealer: Sealer
  readonly policyOf: Gate['policyOf']
  readonly templates: Gate['templates']
  readonly strategy: Strategy
  /** Where the strategy's file lies. */
  readonly strategyFolder: string
  readonly borrowers: number
  readonly days: number
  readonly seed: number
  readonly onDay?: (day: number) => void
}
export type SimulationResult = {
  readonly strategy: string
  readonly borrowers: number
  readonly days: number
  readonly seed: number
  readonly contacts: number
  readonly refused: number
  readonly deferred: number
  readonly replies: number
  readonly payments: number
  readonly stops: number
  readonly complaints: number
  readonly cases: number
  readonly cured: number
  readonly paidMinor: number
  readonly arrearsMinor: number
  /** Share of borrowers without arrears at the end, and money paid each, with 95 % intervals. */
  readonly withoutArrears: Interval
  readonly paidMinorEach: Interval
}

const PORTFOLIO = 'simulation'
const ZONE = 'Asia/Shanghai'
const HOUR_MS = 3_600_000
const START_ON: EpochDay = localDay(required(zoneNamed(ZONE), ZONE), instant(Date.UTC(2026, 0, 4)))

/**
 * A strategy on a virtual book, day by day: the product's own import, cycle, gate, dispatch, conversations and
 * ledger, with people who behave by hidden traits. The same seed gives the same people and, under the same
 * strategy, the same end.
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  const { db, days, borrowers, seed } = options
  let now = atHour(START_ON, 0)
  const clock: Clock = { now: () => now }
  const setClock = (at: Instant): void => {
    now = instant(Math.max(now, at))
  }
  const reactions = wire(options)
  const book = virtualBook({ borrowers, seed, startOn: START_ON })
  await loadBook(options, book, now)
  const agenda = createAgenda()
  const people = createBorrowers({
    ...{ seed, portfolio: PORTFOLIO, zone: ZONE, agenda, clock, dues: book.dues },
    conversations: conversationsOf(options, reactions),
    people: await listPeople(db),
    owedBy: (loanNo) => sumDue(db, loanNo, formatLocalDate(dayOf(now))),
  })
  people.start()
  const gate = gateOf(options, reactions)
  const outlets = outletsOf(people)
  for (let day = 0; day < days; day += 1) {
    const asOf = addDays(START_ON, day + 1)
    await agenda.runUntil(atHour(asOf, 1), setClock)
    setClock(atHour(asOf, 1))
    await judgeOverduePromises(db, { reactions, at: now })
    const { strategyFolder } = options
    await runCycle({ db, reactions, asOf, at: now, strategyFolder })
    const end = atHour(addDays(asOf, 1), 0)
    for (let next = await nextAt(db, end); next !== null; next = await nextAt(db, end)) {
      await agenda.runUntil(next, setClock)
      setClock(next)
      await dispatchDue({ db, gate, outlets, now: clock.now })
    }
    await agenda.runUntil(end, setClock)
    options.onDay?.(day + 1)
  }
  return measure(options, people)
}

function atHour(day: EpochDay, hour: number): Instant {
  return instant((day * 24 + hour - 8) * HOUR_MS)
}

function dayOf(at: Instant): EpochDay {
  return localDay(required(zoneNamed(ZONE), ZONE), at)
}

async function nextAt(db: Database, end: Instant): Promise<Instant | null> {
  const found = await findNextPlanned(db, formatInstant(end))
  return found === null
    ? null
    : required(parseInstant(found.replace(' ', 'T').replace(/\+00$/, 'Z')), found)
}

/** Who hears of what, as in the product; cases open by this strategy's own first day. */
function wire({ strategy }: SimulationOptions): Reactions {
  const reactions = createReactions()
  reactToCases(reactions)
  reactions.on('loan.changed', async (tx, events, at) => {
    const [{ portfolio_id: id = '' } = {}] = await tx.query<{ portfolio_id: string }>(
      'select portfolio_id from portfolio limit 1',
    )
    const borrowerIds = events.map(({ borrowerId }) => borrowerId)
    const preDue = new Map([[id, strategy.preDueDays]])
    await syncCasesToday(tx, borrowerIds, { reactions, at, preDue })
  })
  reactToLoans(reactions)
  return reactions
}

function gateOf(options: SimulationOptions, reactions: Reactions): Gate {
  const { policyOf, templates, sealer } = options
  return { policyOf, templates, sealer, reactions, publicUrl: 'https://lender.example.com' }
}

function conversationsOf(
  { db, sealer }: SimulationOptions,
  reactions: Reactions,
): ConversationContext {
  return {
    ...{ db, sealer, reactions, countryCode: '86' },
    receipts: (tx, receipts) => applyReceipts(tx, reactions, receipts),
    stopWords: readPack('cn')?.stopWords ?? [],
  }
}

function outletsOf(people: VirtualBorrowers): Parameters<typeof dispatchDue>[0]['outlets'] {
  return (['sms', 'email'] as const).map((kind, index) => ({
    kind,
    channel: people.channelOf(kind, String(index + 1)),
    isLoopback: true,
    unsubscribeMailbox: 'unsubscribe@lender.example.com',
    route: openRoute({
      carries: new Set(['collection', 'service']),
      cost: null,
      isConnected: () => true,
    }),
  }))
}

async function loadBook(
  { db, sealer, strategy }: SimulationOptions,
  book: { loans: string; schedule: string },
  at: Instant,
): Promise<void> {
  const account = { adapter: 'sink', collectionContent: true }
  const settings = settingsSchema.parse({
    portfolios: [
      {
        ...{ name: PORTFOLIO, lender: '示例消费金融', country: 'CN', currency: 'CNY' },
        ...{ zones: [ZONE], packs: ['cn'], collectorRole: 'original-creditor' },
        ...{ contactLine: '400-000-0000', complaintLine: '400-000-0001' },
        strategy: strategy.document.name,
      },
    ],
    accounts: [
      { ...account, name: 'sms', channel: 'sms' },
      { ...account, name: 'email', channel: 'email' },
    ],
  })
  await applySettings(db, settings, { sealer, at })
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-simulation-'))
  try {
    for (const kind of ['loans', 'schedule'] as const) {
      const file = join(folder, `${kind}.csv`)
      await writeFile(file, book[kind])
      const given = { db, sealer, kind, file, portfolio: PORTFOLIO, rejectFolder: folder }
      const { rejected } = await importFile({ ...given, at: instant(at + 24 * HOUR_MS) })
      if (rejected > 0) throw new Error(`${rejected} rows of the virtual book were rejected`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  { db, strategy, borrowers, days, seed }: SimulationOptions,
  people: VirtualBorrowers,
): Promise<SimulationResult> {
  const results = await listResults(db)
  const happened = await countHappenings(db)
  const sum = (pick: (result: (typeof results)[number]) => number): number =>
    results.reduce((total, result) => total + pick(result), 0)
  const random = seededRandom(seed)
  return {
    ...{ strategy: strategy.document.name, borrowers, days, seed },
    contacts: sum(({ contacts }) => contacts),
    refused: happened.refuse ?? 0,
    deferred: happened.defer ?? 0,
    ...people.counts(),
    stops: happened['hold channel-stop'] ?? 0,
    complaints: happened['hold complaint'] ?? 0,
    cases: happened.cases ?? 0,
    cured: happened.cured ?? 0,
    paidMinor: sum(({ paidMinor }) => paidMinor),
    arrearsMinor: sum(({ arrearsMinor }) => arrearsMinor),
    withoutArrears: bootstrap(
      results.map(({ arrearsMinor }) => (arrearsMinor === 0 ? 1 : 0)),
      random,
    ),
    paidMinorEach: bootstrap(
      results.map(({ paidMinor }) => paidMinor),
      random,
    ),
  }
}
