import { createHash, createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Database } from '../platform/db/index.ts'
import {
  type ChainLink,
  chainLinkSchema,
  checkChain,
  checkPaper,
  isSignedBy,
  leafHash,
  listPapersAfter,
  merkleRoot,
  readChain,
  rootFromProof,
  type StoredPaper,
} from '../platform/evidence/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import {
  type CaseDecision,
  type EvidenceScope,
  listDecisionsAfter,
  listEvidence,
  listPapers,
  readPolicyVersions,
} from './evidence-store.ts'
import { openPayload } from './export-evidence.ts'
import {
  checkColumns,
  checkDecision,
  compileExported,
  nameOf,
  type Payload,
  payloadSchema,
} from './model/verify-evidence.ts'

export type Verification = {
  readonly decisions: number
  readonly erased: number
  /** Documents by their hashes. */
  readonly papers: number
  /** The last batch of the chain: what the verification vouches for, and no further. */
  readonly head: { readonly sequence: number; readonly hash: string } | null
  readonly problems: readonly string[]
}

const manifestSchema = z.strictObject({
  format: z.literal('dunlin-evidence/1'),
  /** One of the two. */
  caseId: z.string().optional(),
  period: z
    .strictObject({ from: z.string(), to: z.string(), portfolio: z.string().nullable() })
    .optional(),
  exportedAt: z.string(),
  files: z.record(z.string(), z.string()),
})
const hexHash = z.string().regex(/^[0-9a-f]{64}$/)
const placedSchema = z.strictObject({
  leaf: z.string(),
  leafIndex: z.int().nonnegative(),
  sequence: z.int().positive(),
  proof: z.array(hexHash),
})
const decisionSchema = placedSchema.extend({
  payload: z.union([z.literal('payload erased'), payloadSchema]),
})
const versionsSchema = z.array(z.strictObject({ hash: z.string(), packs: z.unknown() }))

/**
 * Checks an export from its files alone: the manifest's signature, every file's hash, the chain, each
 * leaf's place in its batch, and each decision made again. `head` is a trust anchor from elsewhere.
 */
export async function verifyExport(folder: string, head?: string): Promise<Verification> {
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const problems: string[] = []
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work()
    } catch (error) {
      problems.push(
        `${what}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      )
      return null
    }
  }
  const publicKey = await read('public-key.pem')
  await attempt('public-key.pem', async () => problems.push(...checkKeyFile(publicKey)))
  await attempt('manifest', async () => problems.push(...(await checkManifest(read, publicKey))))
  const chain = await attempt('chain.json', async () =>
    z.array(chainLinkSchema).parse(JSON.parse(await read('chain.json'))),
  )
  await attempt('chain', async () => problems.push(...checkChain(chain ?? [], publicKey)))
  problems.push(...checkHead(chain ?? [], head))
  const decisions = await attempt('decisions.json', async () =>
    z.array(decisionSchema).parse(JSON.parse(await read('decisions.json'))),
  )
  const compiled = await attempt('policies.json', async () =>
    compileExported(versionsSchema.parse(JSON.parse(await read('policies.json')))),
  )
  problems.push(...(compiled?.problems ?? []))
  const links = new Map((chain ?? []).map((link) => [link.sequence, link]))
  for (const [index, decision] of (decisions ?? []).entries()) {
    if (index % BREATH === 0) await setImmediate()
    await attempt(`decision ${index + 1} of the file`, async () => {
      problems.push(...checkInclusion(decision, links.get(decision.sequence)))
      problems.push(
        ...checkDecision(decision.leaf, decision.payload, compiled?.policies ?? new Map()),
      )
    })
  }
  const papers = await attempt('papers.json', async () =>
    z.array(placedSchema).parse(JSON.parse(await read('papers.json'))),
  )
  const checkPlaced = (paper: z.infer<typeof placedSchema>) => [
    ...checkInclusion(paper, links.get(paper.sequence)),
    ...checkPaper(paper.leaf, null),
  ]
  problems.push(...(papers ?? []).flatMap(checkPlaced))
  const last = chain?.at(-1)
  return {
    decisions: decisions?.length ?? 0,
    papers: papers?.length ?? 0,
    erased: decisions?.filter(({ payload }) => payload === 'payload erased').length ?? 0,
    head: last === undefined ? null : headOf(last),
    problems,
  }
}

/** A head that was kept elsewhere must stand in the chain. */
function checkHead(chain: readonly ChainLink[], head: string | undefined): string[] {
  const stands = head === undefined || chain.some(({ hash }) => hash === head)
  return stands ? [] : [`the head ${head} is not in the chain`]
}

/** A key file has bytes that mean nothing to a parser; they may not change either. */
function checkKeyFile(publicKey: string): string[] {
  const canonical = createPublicKey(publicKey).export({ type: 'spki', format: 'pem' }).toString()
  return canonical === publicKey ? [] : ['public-key.pem was changed']
}

async function checkManifest(
  read: (name: string) => Promise<string>,
  publicKey: string,
): Promise<string[]> {
  const text = await read('manifest.json')
  const hash = createHash('sha256').update(text).digest('hex')
  const signature = await read('manifest.sig')
  const problems: string[] = []
  if (!/^[0-9a-f]{128}\n$/.test(signature) || !isSignedBy(publicKey, hash, signature.trim())) {
    problems.push('the manifest is not signed by the key')
  }
  const { files } = manifestSchema.parse(JSON.parse(text))
  for (const [name, expected] of Object.entries(files)) {
    const found = createHash('sha256')
      .update(await read(name))
      .digest('hex')
    if (found !== expected) problems.push(`${name} was changed`)
  }
  return problems
}

function checkInclusion(
  { leaf, leafIndex, sequence, proof }: z.infer<typeof placedSchema>,
  link: ChainLink | undefined,
): string[] {
  if (link === undefined) return [`batch ${sequence} is not in the chain`]
  const hashes = proof.map((hex) => Buffer.from(hex, 'hex'))
  const root = rootFromProof(leafHash(leaf), {
    index: leafIndex,
    size: link.leafCount,
    proof: hashes,
  })
  return root?.toString('hex') === link.root ? [] : [`a leaf is not in batch ${sequence}`]
}

const WALK = 1_000
/** Decisions after which whoever else waits for this process has a turn. */
const BREATH = 100

export type VerifyAllOptions = {
  readonly sealer: Sealer
  readonly publicKey: string
  /** A head from elsewhere as trust anchor. */
  readonly head?: string | undefined
  /** Told after every page of the walk; other work may go on meanwhile. */
  readonly onProgress?: (seen: number) => Promise<void>
  readonly pageSize?: number
}

/** Walks the whole log of a database: chain, every batch's root, every decision made again. */
export async function verifyAll(db: Database, options: VerifyAllOptions): Promise<Verification> {
  const { sealer, publicKey, head, onProgress, pageSize = WALK } = options
  const chain = await readChain(db)
  const compiled = compileExported(await readPolicyVersions(db, null))
  const problems = [...checkChain(chain, publicKey), ...compiled.problems]
  problems.push(...checkHead(chain, head))
  const last = chain.at(-1)
  const roots = gatherRoots()
  const seen = { decisions: 0, erased: 0, papers: 0 }
  // What was sealed since the chain was read is for the next verification.
  const upTo = last?.sequence ?? 0
  const walk = { upTo, pageSize }
  for await (const page of walkLog((place) => listDecisionsAfter(db, place), walk)) {
    for (const decision of page) {
      roots.add(decision)
      const { payload, problems: found } = readRow(decision, sealer)
      problems.push(...found)
      if (payload !== null)
        problems.push(...checkDecision(decision.leaf, payload, compiled.policies))
      seen.decisions += 1
      seen.erased += payload === 'payload erased' ? 1 : 0
    }
    await onProgress?.(seen.decisions)
  }
  for await (const page of walkLog((place) => listPapersAfter(db, place), walk)) {
    page.forEach(roots.add)
    problems.push(...page.flatMap(({ leaf, columns }) => checkPaper(leaf, columns)))
    seen.papers += page.length
  }
  problems.push(...roots.differing(chain))
  return { ...seen, head: last === undefined ? null : headOf(last), problems }
}

/** What differs in the rows of an export that is to be made, which then tells nothing that can be relied on. */
export async function checkRows(
  db: Database,
  { sealer, scope }: { sealer: Sealer; scope: EvidenceScope },
): Promise<string[]> {
  const problems: string[] = []
  for (const [index, decision] of (await listEvidence(db, scope)).entries()) {
    if (index % BREATH === 0) await setImmediate()
    problems.push(...readRow(decision, sealer).problems)
  }
  const papers = await listPapers(db, scope)
  return [...problems, ...papers.flatMap(({ leaf, columns }) => checkPaper(leaf, columns))]
}

/** A row whose leaf or facts can no longer be read is a problem with a name, not the end of the walk; it cannot be decided again. */
function readRow(
  decision: CaseDecision,
  sealer: Sealer,
): { payload: Payload | 'payload erased' | null; problems: string[] } {
  const name = nameOf(decision.columns)
  const problems: string[] = []
  const columns = orNull(() => checkColumns(decision.leaf, decision.columns))
  problems.push(...(columns ?? [`${name}: its leaf cannot be read`]))
  const payload = orNull(() => openPayload(sealer, decision))
  if (payload === null) problems.push(`${name}: its facts cannot be opened`)
  return { payload: columns === null ? null : payload, problems }
}

function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

type Placed = Pick<CaseDecision | StoredPaper, 'leaf' | 'leafIndex' | 'sequence'>
type Place = { sequence: number; leafIndex: number; upTo: number; limit: number }

/** Pages of leaves of one sort in the order of the log. */
async function* walkLog<T extends Placed>(
  list: (after: Place) => Promise<T[]>,
  { upTo, pageSize }: { upTo: number; pageSize: number },
): AsyncIterable<T[]> {
  let after = { sequence: 0, leafIndex: -1 }
  for (;;) {
    const found = await list({ ...after, upTo, limit: pageSize })
    yield found
    const last = found.at(-1)
    if (last === undefined || last.sequence === null) return
    after = { sequence: last.sequence, leafIndex: last.leafIndex }
  }
}

/** The roots that leaves, given in the order of the log, lead to; of a batch that is whole only its root is kept. */
function gatherRoots() {
  const roots = new Map<number, string>()
  let open: { sequence: number; leaves: Buffer[] } = { sequence: 0, leaves: [] }
  const close = (): void => {
    if (open.leaves.length > 0)
      roots.set(open.sequence, `${open.leaves.length} ${merkleRoot(open.leaves).toString('hex')}`)
  }
  return {
    add: ({ leaf, sequence }: Placed): void => {
      if (sequence !== open.sequence) {
        close()
        open = { sequence: sequence ?? 0, leaves: [] }
      }
      open.leaves.push(leafHash(leaf))
    },
    differing: (chain: readonly ChainLink[]): string[] => {
      close()
      return chain
        .filter(({ sequence, leafCount, root }) => roots.get(sequence) !== `${leafCount} ${root}`)
        .map(({ sequence }) => `batch ${sequence}: its leaves do not give its root`)
    },
  }
}

function headOf({ sequence, hash }: ChainLink): { sequence: number; hash: string } {
  return { sequence, hash }
}
