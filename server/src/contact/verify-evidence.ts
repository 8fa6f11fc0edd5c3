import { createHash, createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from '../platform/db/index.ts'
import {
  type ChainLink,
  chainLinkSchema,
  checkChain,
  isSignedBy,
  leafHash,
  merkleRoot,
  readChain,
  rootFromProof,
} from '../platform/evidence/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { type CaseDecision, listDecisionsAfter, readPolicyVersions } from './evidence-store.ts'
import { openPayload } from './export-evidence.ts'
import { checkDecision, compileExported, payloadSchema } from './model/verify-evidence.ts'

export type Verification = {
  readonly decisions: number
  readonly erased: number
  /** The last batch of the chain: what the verification vouches for, and no further. */
  readonly head: { readonly sequence: number; readonly hash: string } | null
  readonly problems: readonly string[]
}

const manifestSchema = z.strictObject({
  format: z.literal('dunlin-evidence/1'),
  caseId: z.string(),
  exportedAt: z.string(),
  files: z.record(z.string(), z.string()),
})
const hexHash = z.string().regex(/^[0-9a-f]{64}$/)
const decisionSchema = z.strictObject({
  leaf: z.string(),
  leafIndex: z.int().nonnegative(),
  sequence: z.int().positive(),
  proof: z.array(hexHash),
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
  if (head !== undefined && !(chain ?? []).some((link) => link.hash === head)) {
    problems.push(`the head ${head} is not in the chain`)
  }
  const decisions = await attempt('decisions.json', async () =>
    z.array(decisionSchema).parse(JSON.parse(await read('decisions.json'))),
  )
  const compiled = await attempt('policies.json', async () =>
    compileExported(versionsSchema.parse(JSON.parse(await read('policies.json')))),
  )
  problems.push(...(compiled?.problems ?? []))
  const links = new Map((chain ?? []).map((link) => [link.sequence, link]))
  for (const decision of decisions ?? []) {
    await attempt('decision', async () => {
      problems.push(...checkInclusion(decision, links.get(decision.sequence)))
      problems.push(
        ...checkDecision(decision.leaf, decision.payload, compiled?.policies ?? new Map()),
      )
    })
  }
  const last = chain?.at(-1)
  return {
    decisions: decisions?.length ?? 0,
    erased: decisions?.filter(({ payload }) => payload === 'payload erased').length ?? 0,
    head: last === undefined ? null : { sequence: last.sequence, hash: last.hash },
    problems,
  }
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
  { leaf, leafIndex, sequence, proof }: z.infer<typeof decisionSchema>,
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

/** Walks the whole log of a database: chain, every batch's root, every decision made again. */
export async function verifyAll(
  db: Database,
  { sealer, publicKey }: { sealer: Sealer; publicKey: string },
): Promise<Verification> {
  const chain = await readChain(db)
  const hashes = await db.query<{ policy_hash: string }>('select policy_hash from policy_version')
  const versions = await readPolicyVersions(
    db,
    hashes.map((row) => row.policy_hash),
  )
  const compiled = compileExported(versions)
  const problems = [...checkChain(chain, publicKey), ...compiled.problems]
  const seen = { decisions: 0, erased: 0 }
  const leaves = new Map<number, Buffer[]>()
  for await (const decision of walkDecisions(db)) {
    const { leaf, sequence } = decision
    const batch = leaves.get(sequence ?? 0) ?? []
    leaves.set(sequence ?? 0, batch)
    batch.push(leafHash(leaf))
    const payload = openPayload(sealer, decision)
    problems.push(...checkDecision(leaf, payload, compiled.policies))
    seen.decisions += 1
    if (payload === 'payload erased') seen.erased += 1
  }
  problems.push(...chain.flatMap((link) => checkRoot(link, leaves.get(link.sequence) ?? [])))
  const last = chain.at(-1)
  const head = last === undefined ? null : { sequence: last.sequence, hash: last.hash }
  return { ...seen, head, problems }
}

async function* walkDecisions(db: Database): AsyncIterable<CaseDecision> {
  let after = { sequence: 0, leafIndex: -1 }
  for (;;) {
    const page = await listDecisionsAfter(db, { ...after, limit: WALK })
    yield* page
    const last = page.at(-1)
    if (last === undefined || last.sequence === null) return
    after = { sequence: last.sequence, leafIndex: last.leafIndex }
  }
}

function checkRoot({ sequence, leafCount, root }: ChainLink, leaves: readonly Buffer[]): string[] {
  const isWhole = leaves.length === leafCount && merkleRoot(leaves).toString('hex') === root
  return isWhole ? [] : [`batch ${sequence}: its leaves do not give its root`]
}
