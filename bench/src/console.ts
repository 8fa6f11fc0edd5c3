import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { randomInt, required, seededRandom } from '@dunlin/kernel'
import { z } from 'zod'
import { warm, withBenchServer, withDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { OPENED, seedDesk } from './console/seed-desk.ts'
import { tell } from './progress.ts'

const CASES = 1_000_000
const AGENTS = 100
const SECONDS = 60
/** Each agent asks for something so often: the machine is shared by as many as work, not by a queue. */
const THINK_MS = 5_000
const P95_MS_MAX = 100
const FLOOR_RATIO_MAX = 3
const ALONE = 200
const SEED = 20_261_126

type Turn = { readonly random: () => number; readonly agent: number; readonly cases: number }

/** What agents look at all day: their own cases, of those with a past where the past is shown. */
const VIEWS: Readonly<Record<string, (turn: Turn) => string>> = {
  worklist: () => '/console-api/desk/worklist',
  list: () => '/console-api/cases?sort=next-step&limit=50',
  case: (turn) => `/console-api/desk/cases/${ownOf(turn, OPENED)}`,
  search: (turn) => `/console-api/cases?search=L${ownOf(turn, turn.cases)}`,
}

/** One of the first so many cases that the agent works, as the seed gave them out. */
function ownOf({ random, agent }: Turn, among: number): number {
  return randomInt(random, 1, among / AGENTS - 1) * AGENTS + agent
}

/**
 * A hundred agents at once over a book of a million cases: the time that the server takes. The floor is the same statements, prepared and warm, over one connection,
 * beside one agent alone.
 */
export function benchConsole({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const cases = quick ? CASES / 10 : CASES
  return withBenchServer(async (server) => {
    const url = await server.create('book')
    await withDatabase(url, async (db) => {
      tell(`console: making ${cases} cases and ${AGENTS} agents`)
      await seedDesk(db, { cases, agents: AGENTS })
      await warm(db)
    })
    return measureAt(url, { cases, seconds: quick ? SECONDS / 3 : SECONDS })
  })
}

/** Over a book that is there. */
export async function measureAt(databaseUrl: string, size: Size): Promise<BenchLine[]> {
  const served = await serve(databaseUrl)
  try {
    return await measure(served, size)
  } finally {
    await served.stop()
  }
}

type Served = {
  readonly url: string
  readonly password: string
  readonly stop: () => Promise<void>
}

async function serve(databaseUrl: string): Promise<Served> {
  const script = join(import.meta.dirname, 'console/serve-console.ts')
  const child = spawn(process.execPath, [script, databaseUrl, String(AGENTS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  const said = z.object({ url: z.string(), password: z.string() }).parse(JSON.parse(String(line)))
  const stop = async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
  return { ...said, stop }
}

type Size = { readonly cases: number; readonly seconds: number }

async function measure(served: Served, size: Size): Promise<BenchLine[]> {
  tell('console: signing in')
  const cookies: string[] = []
  for (let agent = 0; agent < AGENTS; agent += 1) cookies.push(await signIn(served, agent))
  const cookie = required(cookies[0], 'agent')
  tell('console: one agent alone')
  const alone: Record<string, { ms: number; floor: number }> = {}
  for (const [view, path] of Object.entries(VIEWS)) {
    const turn = { random: seededRandom(SEED), agent: 0, cases: size.cases }
    const taken: number[] = []
    for (let asked = 0; asked < ALONE; asked += 1)
      taken.push(await msOf(served.url, { path: path(turn), cookie }))
    alone[view] = {
      ms: at(taken, 50),
      floor: await floorOf(served.url, { path: path(turn), cookie }),
    }
  }
  tell(`console: ${AGENTS} agents at once`)
  const together = await workTogether(served.url, { cookies, ...size })
  return Object.keys(VIEWS).flatMap((view) => linesOf(view, together.get(view) ?? [], alone[view]))
}

function linesOf(
  view: string,
  together: readonly number[],
  alone: { ms: number; floor: number } | undefined,
): BenchLine[] {
  const p95 = at(together, 95)
  const { ms, floor } = required(alone, view)
  return [
    {
      name: `console-${view}-p95`,
      value: p95,
      unit: 'ms',
      peer: `${AGENTS} agents, a question every five seconds each`,
      peerValue: together.length,
      ratio: null,
      bar: `<= ${P95_MS_MAX}`,
      met: p95 <= P95_MS_MAX,
    },
    {
      name: `console-${view}-floor`,
      value: ms,
      unit: 'ms',
      peer: 'its statements alone, prepared and warm, over one connection (floor)',
      peerValue: floor,
      ratio: ms / floor,
      bar: `<= ${FLOOR_RATIO_MAX} x the floor's time`,
      met: ms / floor <= FLOOR_RATIO_MAX,
    },
  ]
}

type Asked = { readonly path: string; readonly cookie: string }

async function signIn({ url, password }: Served, agent: number): Promise<string> {
  const answer = await fetch(`${url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: `agent${agent}@example.com`, password }),
  })
  if (!answer.ok) throw new Error(`agent${agent} could not sign in: ${answer.status}`)
  const cookies = answer.headers.getSetCookie().map((each) => each.split(';')[0])
  return cookies.join('; ')
}

/** Milliseconds between the request and its answer, as the server counts them. */
async function msOf(url: string, { path, cookie }: Asked): Promise<number> {
  const answer = await fetch(`${url}${path}`, { headers: { cookie } })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return Number(answer.headers.get('x-took-ms'))
}

async function floorOf(url: string, asked: Asked): Promise<number> {
  const answer = await fetch(`${url}/floor`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(asked),
  })
  return z.object({ ms: z.number() }).parse(await answer.json()).ms
}

/** Every agent looks at one thing after the other, with time to think; what each view took. */
async function workTogether(
  url: string,
  { cookies, cases, seconds }: Size & { cookies: readonly string[] },
): Promise<ReadonlyMap<string, number[]>> {
  const taken = new Map<string, number[]>()
  const views = Object.entries(VIEWS)
  const until = performance.now() + seconds * 1000
  const work = async (cookie: string, agent: number): Promise<void> => {
    const random = seededRandom(SEED + agent)
    await pause(random() * THINK_MS)
    for (let turn = agent; performance.now() < until; turn += 1) {
      const [view, path] = required(views[turn % views.length], 'view')
      const ms = await msOf(url, { path: path({ random, agent, cases }), cookie })
      taken.set(view, [...(taken.get(view) ?? []), ms])
      await pause(Math.max(0, THINK_MS * (0.5 + random()) - ms))
    }
  }
  await Promise.all(cookies.map(work))
  return taken
}

function at(taken: readonly number[], percent: number): number {
  const ascending = [...taken].sort((a, b) => a - b)
  return ascending[Math.floor((ascending.length * percent) / 100)] ?? 0
}
