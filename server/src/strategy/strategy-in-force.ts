import { createHash } from 'node:crypto'
import type { Sql } from '../platform/db/index.ts'
import { loadStrategy } from './load-strategy.ts'
import { compileStrategy, type Strategy, type StrategyDocument } from './model/strategy.ts'
import { findDocument, findReleasedHash } from './release-store.ts'

/** Compiled versions by name and content: a version never changes. */
const compiled = new Map<string, Strategy>()

/** The strategy that a name stands for now: what was released last, else the shipped file `strategies/NAME.yaml`. */
export async function strategyInForce(sql: Sql, name: string, folder?: string): Promise<Strategy> {
  const hash = await findReleasedHash(sql, name)
  if (hash === null) return loadStrategy(name, folder)
  const key = `${name} ${hash}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const strategy = compileStrategy(await findDocument(sql, name, hash))
  compiled.set(key, strategy)
  return strategy
}

/** The text of a version and its hash: the same content is the same version. */
export function contentOf(document: StrategyDocument): { document: string; hash: string } {
  const text = JSON.stringify(document)
  return { document: text, hash: createHash('sha256').update(text).digest('hex') }
}
