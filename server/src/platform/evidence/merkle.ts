import { createHash } from 'node:crypto'

// Merkle trees with the hashing of RFC 6962 section 2.1: leaves and nodes are told apart by a prefix byte.

const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

/** Hash of a leaf's bytes. */
export function leafHash(leaf: string | Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(leaf).digest()
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest()
}

/** Root over leaf hashes; there must be at least one. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (first === undefined) throw new Error('a tree needs a leaf')
  if (leaves.length === 1) return first
  const split = largestPowerBelow(leaves.length)
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)))
}

/** Of each leaf by its index: the siblings on the way to the root, nearest first (audit path of RFC 6962). */
export function inclusionProofs(leaves: readonly Buffer[]): Buffer[][] {
  const proofs = leaves.map((): Buffer[] => [])
  rootWithProofs(leaves, proofs)
  return proofs
}

function rootWithProofs(leaves: readonly Buffer[], proofs: readonly Buffer[][]): Buffer {
  if (leaves.length <= 1) return merkleRoot(leaves)
  const split = largestPowerBelow(leaves.length)
  const [before, after] = [proofs.slice(0, split), proofs.slice(split)]
  const left = rootWithProofs(leaves.slice(0, split), before)
  const right = rootWithProofs(leaves.slice(split), after)
  for (const proof of before) proof.push(right)
  for (const proof of after) proof.push(left)
  return nodeHash(left, right)
}

/** The root that a leaf hash at an index of a tree of `size` leaves leads to by its proof; null when it cannot. */
export function rootFromProof(
  leaf: Buffer,
  { index, size, proof }: { index: number; size: number; proof: readonly Buffer[] },
): Buffer | null {
  if (index < 0 || index >= size) return null
  if (size === 1) return proof.length === 0 ? leaf : null
  const sibling = proof.at(-1)
  if (sibling === undefined) return null
  const split = largestPowerBelow(size)
  const rest = proof.slice(0, -1)
  if (index < split) {
    const left = rootFromProof(leaf, { index, size: split, proof: rest })
    return left === null ? null : nodeHash(left, sibling)
  }
  const right = rootFromProof(leaf, { index: index - split, size: size - split, proof: rest })
  return right === null ? null : nodeHash(sibling, right)
}

/** The largest power of two smaller than n. */
function largestPowerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
