import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { formatInstant, type Instant, required } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import {
  type EvidenceSigner,
  inclusionProofs,
  leafHash,
  readChain,
  type StoredPaper,
} from '../platform/evidence/index.ts'
import { openWithKey, type Sealer } from '../platform/seal/index.ts'
import {
  type CaseDecision,
  type EvidenceScope,
  listEvidence,
  listPapers,
  listReceipts,
  readBatchLeaves,
  readPolicyVersions,
} from './evidence-store.ts'
import { type Payload, readPayload } from './model/verify-evidence.ts'

/** Decisions after which whoever else waits for this process has a turn. */
const BREATH = 100

export type ExportOptions = {
  readonly db: Database
  readonly sealer: Sealer
  readonly signer: EvidenceSigner
  readonly folder: string
  readonly at: Instant
} & EvidenceScope

/**
 * Writes everything about the decisions of one case or of some days, so that a stranger can check it from
 * the files alone: leaves, payloads, inclusion proofs, documents by their hashes, the chain of batches, the
 * packs, receipts, and a signed manifest. Returns how many decisions there are.
 */
export async function exportEvidence(options: ExportOptions): Promise<number> {
  const { db, folder } = options
  await mkdir(folder, { recursive: true })
  const decisions = await listEvidence(db, options)
  const papers = await listPapers(db, options)
  if ([...decisions, ...papers].some(({ sequence }) => sequence === null)) {
    throw new Error('a leaf is not sealed into the chain yet: wait a moment and try again')
  }
  const withPayload = (decision: CaseDecision) => ({
    payload: openPayload(options.sealer, decision),
  })
  const files = new Map<string, unknown>([
    ['decisions.json', await describe(decisions, db, withPayload)],
    ['papers.json', await describe(papers, db)],
    ['chain.json', await readChain(db)],
    [
      'policies.json',
      await readPolicyVersions(db, [...new Set(decisions.map((each) => each.policyHash))]),
    ],
    ['receipts.json', await listReceipts(db, options)],
  ])
  const hashes: Record<string, string> = {}
  for (const [name, content] of files) {
    const text = `${JSON.stringify(content, null, 1)}\n`
    hashes[name] = createHash('sha256').update(text).digest('hex')
    await writeFile(join(folder, name), text)
  }
  await writeManifest(options, hashes)
  return decisions.length
}

/** Names every file by hash; its own hash is signed, so that no byte of the export can change unseen. */
async function writeManifest(options: ExportOptions, files: Record<string, string>): Promise<void> {
  const { folder, signer, at } = options
  const of = 'caseId' in options ? { caseId: options.caseId } : { period: options.period }
  const head = { format: 'dunlin-evidence/1', ...of, exportedAt: formatInstant(at), files }
  const manifest = `${JSON.stringify(head, null, 1)}\n`
  const hash = createHash('sha256').update(manifest).digest('hex')
  await writeFile(join(folder, 'manifest.json'), manifest)
  await writeFile(join(folder, 'manifest.sig'), `${signer.sign(hash)}\n`)
  await writeFile(join(folder, 'public-key.pem'), signer.publicKey)
}

type Leaf = Pick<CaseDecision | StoredPaper, 'leaf' | 'leafIndex' | 'sequence' | 'batchId'>

/** Each leaf with its place and what else is told of it; the tree of a batch is built once for all its leaves. */
async function describe<L extends Leaf>(
  leaves: readonly L[],
  db: Database,
  more: (leaf: L) => object = () => ({}),
): Promise<object[]> {
  const described = new Map<L, object>()
  for (const [batchId, members] of Map.groupBy(leaves, (each) => each.batchId)) {
    const hashes = (await readBatchLeaves(db, batchId)).map((leaf) => leafHash(leaf))
    const proofs = inclusionProofs(hashes)
    for (const member of members) {
      const { leaf, leafIndex, sequence } = member
      const proof = (proofs[leafIndex] ?? []).map((hash) => hash.toString('hex'))
      if (described.size % BREATH === 0) await setImmediate()
      described.set(member, { leaf, leafIndex, sequence, proof, ...more(member) })
    }
  }
  return leaves.map((leaf) => required(described.get(leaf), 'the batch of a leaf'))
}

/** The payload in plain, or the words that say that it was erased at the end of its retention. */
export function openPayload(
  sealer: Sealer,
  { sealed, keySalt }: Pick<CaseDecision, 'sealed' | 'keySalt'>,
): Payload | 'payload erased' {
  if (sealed === null || keySalt === null) return 'payload erased'
  return readPayload(openWithKey(sealer.payloadKey(keySalt), sealed))
}
