import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadOverlay, type Pack, type Policy, parsePack } from '@dunlin/policy'
import { parse } from 'yaml'
import { z } from 'zod'

const PACKS = join(import.meta.dirname, '../../../packs')
const lexiconsSchema = z.record(z.string(), z.object({}).loose())
const rulesSchema = z
  .object({ rules: z.array(z.object({ condition: z.unknown().optional() }).loose()) })
  .loose()

export type PackOptions = {
  readonly folder?: string
  /** Packs marked testOnly are refused unless a test or the sandbox asks for them. */
  readonly allowTest?: boolean
}

/** The ids of every pack of `packs/`, those for tests left out. */
export function packIds(folder: string = PACKS): string[] {
  return readdirSync(folder)
    .filter(
      (file) => file.endsWith('.yaml') && file !== 'lexicons.yaml' && !file.startsWith('test-'),
    )
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}

/** Reads one pack of `packs/` with the shared word lists that it uses; null when there is no such pack. */
export function readPack(
  id: string,
  { folder = PACKS, allowTest = false }: PackOptions = {},
): Pack | null {
  const file = join(folder, `${id}.yaml`)
  if (!/^[a-z][a-z0-9-]*$/.test(id) || id === 'lexicons' || !existsSync(file)) return null
  const given = rulesSchema.parse(parse(readFileSync(file, 'utf8')))
  const lists = [join(folder, 'lexicons.yaml'), join(PACKS, 'lexicons.yaml')].find(existsSync) ?? ''
  const shared = lexiconsSchema.parse(parse(readFileSync(lists, 'utf8')))
  const own = lexiconsSchema.parse(given.lexicons ?? {})
  const used = new Set([...usedLexicons(given), ...Object.keys(own)])
  const lexicons = Object.fromEntries(
    Object.entries({ ...shared, ...own }).filter(([name]) => used.has(name)),
  )
  const pack = parsePack({ ...given, lexicons })
  if (pack.testOnly === true && !allowTest) {
    throw new Error(`pack ${id} is for tests only: production refuses to load it`)
  }
  return pack
}

/** Every word of a condition that names a word list, and `offer`, which every channel-stop hold reads. */
function usedLexicons(given: z.infer<typeof rulesSchema>): string[] {
  const text = JSON.stringify(given.rules.map((rule) => rule.condition ?? null))
  return ['offer', ...[...text.matchAll(/"([a-z-]+)"/g)].map(([, word = '']) => word)]
}

const compiled = new Map<string, Policy | null>()

/**
 * The compiled policy of pack ids, made once; null when one of them does not exist. Overlays lie over
 * all the other packs: one that would permit more is refused with the rule named.
 */
export function loadPolicy(ids: readonly string[], options: PackOptions = {}): Policy | null {
  const key = `${options.folder ?? ''} ${ids.join(' ')} ${options.allowTest === true}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const packs = ids.map((id) => readPack(id, options))
  const found = packs.filter((pack) => pack !== null)
  const policy = found.length === packs.length ? compileLayers(found) : null
  compiled.set(key, policy)
  return policy
}

/** The policy of packs at hand, overlays over all the others. */
export function compileLayers(found: readonly Pack[]): Policy {
  const [overlays, base] = [
    found.filter(({ kind }) => kind === 'overlay'),
    found.filter(({ kind }) => kind !== 'overlay'),
  ]
  return loadOverlay(base, overlays, hashPacks([...base, ...overlays]))
}

/** SHA-256 over the packs as canonical JSON: names exactly these rules in evidence. */
function hashPacks(packs: readonly Pack[]): string {
  return createHash('sha256').update(canonicalJson(packs)).digest('hex')
}

/** JSON with the keys of every object in code-point order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
