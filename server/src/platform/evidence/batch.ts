import { required } from '@dunlin/kernel'
import type { Tx } from '../db/index.ts'
import { leafHash, merkleRoot } from './merkle.ts'

export type Tree = { readonly root: Buffer; readonly leafCount: number }

/** The Merkle tree over leaves that were made together. */
export function treeOf(leaves: readonly string[]): Tree {
  return { root: merkleRoot(leaves.map((leaf) => leafHash(leaf))), leafCount: leaves.length }
}

/** Keeps a tree as a batch; the sealer gives it its place in the chain. */
export async function insertBatch(
  tx: Tx,
  { decidedAt, root, leafCount }: Tree & { readonly decidedAt: string },
): Promise<string> {
  const [row] = await tx.query<{ evidence_batch_id: string }>(
    'insert into evidence_batch (decided_at, leaf_count, root) values ($1, $2, $3) returning evidence_batch_id',
    [decidedAt, leafCount, root],
  )
  return required(row, 'an evidence batch').evidence_batch_id
}
