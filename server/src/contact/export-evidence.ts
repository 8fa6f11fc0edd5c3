import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import {
  type EvidenceSigner,
  inclusionProof,
  leafHash,
  readChain,
} from '../platform/evidence/index.ts'
import { openWithKey, type Sealer } from '../platform/seal/index.ts'
import {
  type CaseDecision,
  listCaseDecisions,
  listCaseReceipts,
  readBatchLeaves,
  readPolicyVersions,
} from './evidence-store.ts'
import { type Payload, readPayload } from './model/verify-evidence.ts'

export type ExportOptions = {
  readonly db: Database
  readonly sealer: Sealer
  readonly signer: EvidenceSigner
  readonly caseId: string
  readonly folder: string
  readonly at: Instant
}

/**
 * Writes everything about the decisions of one case, so that a stranger can check it from the files
 * alone: leaves, payloads, inclusion proofs, the chain of batches, the packs, receipts, and a signed
 * manifest. Returns how many decisions there are.
 */
export async function exportEvidence(options: ExportOptions): Promise<number> {
  const { db, folder, caseId } = options
  await mkdir(folder, { recursive: true })
  const decisions = await listCaseDecisions(db, caseId)
  const unsealed = decisions.find((decision) => decision.sequence === null)
  if (unsealed !== undefined) {
    throw new Error(
      'a decision of this case is not sealed into the chain yet: wait a moment and try again',
    )
  }
  const files = new Map<string, unknown>([
    ['decisions.json', await Promise.all(decisions.map((decision) => describe(decision, options)))],
    ['chain.json', await readChain(db)],
    [
      'policies.json',
      await readPolicyVersions(db, [...new Set(decisions.map((each) => each.policyHash))]),
    ],
    ['receipts.json', await listCaseReceipts(db, caseId)],
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
async function writeManifest(
  { folder, signer, caseId, at }: ExportOptions,
  files: Record<string, string>,
): Promise<void> {
  const manifest = `${JSON.stringify({ format: 'dunlin-evidence/1', caseId, exportedAt: formatInstant(at), files }, null, 1)}\n`
  const hash = createHash('sha256').update(manifest).digest('hex')
  await writeFile(join(folder, 'manifest.json'), manifest)
  await writeFile(join(folder, 'manifest.sig'), `${signer.sign(hash)}\n`)
  await writeFile(join(folder, 'public-key.pem'), signer.publicKey)
}

async function describe(decision: CaseDecision, { db, sealer }: ExportOptions): Promise<object> {
  const leaves = (await readBatchLeaves(db, decision.batchId)).map((leaf) => leafHash(leaf))
  return {
    leaf: decision.leaf,
    leafIndex: decision.leafIndex,
    sequence: decision.sequence,
    proof: inclusionProof(leaves, decision.leafIndex).map((hash) => hash.toString('hex')),
    payload: openPayload(sealer, decision),
  }
}

/** The payload in plain, or the words that say that it was erased at the end of its retention. */
export function openPayload(
  sealer: Sealer,
  { sealed, keySalt }: Pick<CaseDecision, 'sealed' | 'keySalt'>,
): Payload | 'payload erased' {
  if (sealed === null || keySalt === null) return 'payload erased'
  return readPayload(openWithKey(sealer.payloadKey(keySalt), sealed))
}
