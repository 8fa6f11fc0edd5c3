import type { Instant } from '@dunlin/kernel'
import { formatInstant } from '@dunlin/kernel'
import type { Database, Tx } from '../db/index.ts'
import { type ChainLink, type EvidenceSigner, GENESIS, linkHash, publishHeads } from './chain.ts'

const SEALER_LOCK = 4_707_003
const BATCHES_MAX = 500

type BatchRow = { evidence_batch_id: string; root: Buffer; leaf_count: number; decided_at: string }
type HeadRow = { sequence: string; hash: Buffer }

/**
 * Gives committed batches their place in the chain, one sealer at a time, and publishes the signed
 * heads outside the database. Returns how many were sealed.
 */
export async function sealBatches(
  db: Database,
  { signer, headsFile, at }: { signer: EvidenceSigner; headsFile: string; at: Instant },
): Promise<number> {
  const links = await db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock($1)', [SEALER_LOCK])
    return linkBatches(tx, signer, formatInstant(at))
  })
  await publishHeads(headsFile, links)
  return links.length
}

async function linkBatches(tx: Tx, signer: EvidenceSigner, sealedAt: string): Promise<ChainLink[]> {
  const [head] = await tx.query<HeadRow>(
    'select sequence, hash from evidence_batch where sequence is not null order by sequence desc limit 1',
  )
  const batches = await tx.query<BatchRow>(
    `select evidence_batch_id, root, leaf_count, to_char(decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as decided_at
     from evidence_batch where sequence is null order by evidence_batch_id limit $1`,
    [BATCHES_MAX],
  )
  let sequence = Number(head?.sequence ?? 0)
  let previousHash = head?.hash.toString('hex') ?? GENESIS
  const links = batches.map((batch): ChainLink => {
    sequence += 1
    const link = {
      sequence,
      root: batch.root.toString('hex'),
      leafCount: batch.leaf_count,
      decidedAt: batch.decided_at,
      previousHash,
    }
    const hash = linkHash(link)
    previousHash = hash
    return { ...link, hash, signature: signer.sign(hash) }
  })
  await storeLinks(tx, batches, { links, sealedAt })
  return links
}

async function storeLinks(
  tx: Tx,
  batches: readonly BatchRow[],
  { links, sealedAt }: { links: readonly ChainLink[]; sealedAt: string },
): Promise<void> {
  if (links.length === 0) return
  await tx.run(
    `update evidence_batch b set sequence = s.sequence, previous_hash = s.previous_hash, hash = s.hash,
       signature = s.signature, sealed_at = $6
     from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])
       as s(evidence_batch_id, sequence, previous_hash, hash, signature)
     where b.evidence_batch_id = s.evidence_batch_id`,
    [
      batches.map((batch) => batch.evidence_batch_id),
      links.map((link) => link.sequence),
      links.map((link) => Buffer.from(link.previousHash, 'hex')),
      links.map((link) => Buffer.from(link.hash, 'hex')),
      links.map((link) => Buffer.from(link.signature, 'hex')),
      sealedAt,
    ],
  )
}

/** The whole chain so far, from the first batch. */
export async function readChain(db: Database | Tx): Promise<ChainLink[]> {
  const rows = await db.query<BatchRow & HeadRow & { previous_hash: Buffer; signature: Buffer }>(
    `select evidence_batch_id, root, leaf_count, sequence, hash, previous_hash, signature,
       to_char(decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as decided_at
     from evidence_batch where sequence is not null order by sequence`,
  )
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    root: row.root.toString('hex'),
    leafCount: row.leaf_count,
    decidedAt: row.decided_at,
    previousHash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
    signature: row.signature.toString('hex'),
  }))
}
