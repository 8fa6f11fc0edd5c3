// Checks an evidence export with nothing but Node's own crypto: that every decision and document is in the batch
// it names, that the batches form one chain, and that the chain and the manifest carry the signature.
// What it does not do is decide again; `dunlin evidence verify` does that too.
//
//   node verify-inclusion.mjs FOLDER

import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: node verify-inclusion.mjs FOLDER')
const read = (name) => readFileSync(join(folder, name), 'utf8')
const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const key = createPublicKey(read('public-key.pem'))
const isSigned = (hash, signature) =>
  verify(null, Buffer.from(hash, 'hex'), key, Buffer.from(signature, 'hex'))
const problems = []

// 1. The manifest names every file by its SHA-256, and is signed itself.
const manifest = read('manifest.json')
if (!isSigned(sha256(manifest).toString('hex'), read('manifest.sig').trim()))
  problems.push('manifest: bad signature')
for (const [name, hash] of Object.entries(JSON.parse(manifest).files)) {
  if (sha256(read(name)).toString('hex') !== hash) problems.push(`${name}: changed`)
}

// 2. Each batch's hash covers its fields and the hash before it.
const chain = JSON.parse(read('chain.json'))
let previous = '0'.repeat(64)
for (const [index, link] of chain.entries()) {
  const text = [
    'dunlin-evidence/1',
    link.sequence,
    link.root,
    link.leafCount,
    link.decidedAt,
    link.previousHash,
  ].join('\n')
  if (link.sequence !== index + 1 || link.previousHash !== previous)
    problems.push(`batch ${link.sequence}: out of place`)
  if (sha256(text).toString('hex') !== link.hash) problems.push(`batch ${link.sequence}: changed`)
  if (!isSigned(link.hash, link.signature)) problems.push(`batch ${link.sequence}: bad signature`)
  previous = link.hash
}

// 3. RFC 6962: a leaf is hashed behind byte 0, a node behind byte 1; the proof lists siblings, nearest first.
function rootOf(leaf, index, size, proof) {
  if (size === 1) return proof.length === 0 ? leaf : null
  const sibling = proof.at(-1)
  if (sibling === undefined) return null
  let split = 1
  while (split * 2 < size) split *= 2
  const rest = proof.slice(0, -1)
  const isLeft = index < split
  const inner = isLeft
    ? rootOf(leaf, index, split, rest)
    : rootOf(leaf, index - split, size - split, rest)
  if (inner === null) return null
  return isLeft ? sha256(Buffer.of(1), inner, sibling) : sha256(Buffer.of(1), sibling, inner)
}

function isIncluded({ leaf, leafIndex, sequence, proof }) {
  const link = chain[sequence - 1]
  const siblings = proof.map((hex) => Buffer.from(hex, 'hex'))
  const root = rootOf(sha256(Buffer.of(0), leaf), leafIndex, link?.leafCount ?? 0, siblings)
  return link !== undefined && root?.toString('hex') === link.root
}
const decisions = JSON.parse(read('decisions.json'))
for (const decision of decisions) {
  const { leaf, sequence, payload } = decision
  if (!isIncluded(decision))
    problems.push(`decision ${JSON.parse(leaf).decision}: not in batch ${sequence}`)

  // 4. The leaf commits to facts, intent and answer: SHA-256 over salt, name and text.
  if (payload === 'payload erased') continue
  for (const name of ['facts', 'intent', 'answer']) {
    const commitment = sha256(`${payload.salt}\n${name}\n${payload[name]}`).toString('hex')
    if (commitment !== JSON.parse(leaf)[name])
      problems.push(`decision ${JSON.parse(leaf).decision}: ${name} differ`)
  }
}

// 5. The leaf of a document names its SHA-256: compare it with the file that you were given.
const papers = JSON.parse(read('papers.json'))
for (const paper of papers) {
  const { kind, ref, sha256: hash } = JSON.parse(paper.leaf)
  if (!isIncluded(paper)) problems.push(`${kind} ${ref}: not in batch ${paper.sequence}`)
  process.stdout.write(`${kind} ${ref}: ${hash}\n`)
}

for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(
  `${decisions.length} decisions, ${papers.length} documents, ${problems.length} problems\n`,
)
process.exitCode = problems.length === 0 ? 0 : 1
