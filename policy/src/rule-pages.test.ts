import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatInstant, parseInstant } from '@dunlin/kernel'
import { loadPolicy, packIds, readPack } from '../../server/src/platform/packs.ts'
import { decideGiven, ruleIds } from './index.ts'

// The case tables of docs/rules are read back from the pages and run: a page cannot say what the gate does not do.

const PAGES = join(import.meta.dirname, '../../docs/rules')
const PLAIN_FACTS = {
  parties: [{ id: 'p1', relation: 'borrower' }],
  points: [{ id: 't1', party: 'p1', kind: 'phone' }],
  debts: [{ id: 'd1' }],
}
const PLAIN_INTENT = { channel: 'call', purpose: 'collect', party: 'p1', point: 't1' }

type Row = {
  readonly rule: string
  readonly name: string
  readonly packs: readonly string[]
  readonly intent: object
  readonly facts: object
  readonly state: string
  readonly verdict: string
}

function rowsOf(page: string): Row[] {
  const rows: Row[] = []
  let rule = ''
  for (const line of readFileSync(join(PAGES, page), 'utf8').split('\n')) {
    rule = /^## `(.+)`$/.exec(line)?.[1] ?? rule
    if (!line.startsWith('| `')) continue
    const cells = line.slice(2, -2).split(' | ')
    assert.equal(cells.length, 7, line)
    const [name = '', packs = '', at, contact, facts, state = '', verdict = ''] = cells
    rows.push({
      rule,
      name,
      packs: packs.split(' + '),
      intent: without({ ...PLAIN_INTENT, ...inCode(contact), at }),
      facts: { ...PLAIN_FACTS, ...inCode(facts) },
      state,
      verdict,
    })
  }
  return rows
}

function inCode(cell = ''): object {
  const given: unknown = JSON.parse(cell.slice(1, -1))
  assert.ok(typeof given === 'object' && given !== null)
  return given
}

/** Null takes a field away. */
function without(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md'))
const rows = pages.flatMap(rowsOf)

test('every row of every rule page is what the gate answers', () => {
  assert.ok(rows.length > 1_500, `only ${rows.length} rows were read`)
  for (const { rule, name, packs, intent, facts, state, verdict } of rows) {
    const answer = decideGiven(loadPolicy(packs), facts, intent)
    const [word, , until = null] = verdict.split(' ')
    assert.equal(answer.verdict, word, `${name} under ${rule}`)
    const wanted = until === null ? null : parseInstant(until)
    if (answer.verdict === 'defer' && wanted !== null)
      assert.equal(formatInstant(answer.until), formatInstant(wanted), `${name} under ${rule}`)
    const isCarried = ['broken', 'advised', 'due'].includes(state)
    assert.equal(ruleIds(answer).includes(rule), isCarried, `${name} under ${rule}`)
  }
})

test('every rule has a page with a case that breaks it and one that keeps it', () => {
  const states = Map.groupBy(rows, ({ rule }) => rule)
  for (const id of packIds()) {
    const pack = readPack(id)
    assert.ok(pack)
    // An overlay is asked together with a base: its rules are told, its cases stand in its own tests.
    if (pack.kind === 'overlay') continue
    for (const rule of pack.rules) {
      const found = new Set(states.get(rule.id)?.map(({ state }) => state))
      const breaks =
        rule.kind === 'duty' ? 'due' : rule.severity === 'advise' ? 'advised' : 'broken'
      assert.ok(found.has(breaks), `${rule.id} has no case in which it is ${breaks}`)
      if (rule.kind === 'duty') continue
      assert.ok(found.has('kept') || found.has('lifted'), `${rule.id} has no case that keeps it`)
    }
  }
})
