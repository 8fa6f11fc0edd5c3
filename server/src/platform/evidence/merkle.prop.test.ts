import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inclusionProofs, leafHash, merkleRoot, rootFromProof } from './merkle.ts'

test('agrees with the test vectors of RFC 6962 trees', () => {
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ]
  const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')))
  assert.equal(
    merkleRoot(leaves.slice(0, 1)).toString('hex'),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
  assert.equal(
    merkleRoot(leaves).toString('hex'),
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  )
})

test('every leaf proves itself, and nothing else proves', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (size, at, other) => {
      const leaves = Array.from({ length: size }, (_, index) => leafHash(`leaf ${index}`))
      const root = merkleRoot(leaves)
      const index = at % size
      const proof = inclusionProofs(leaves)[index] ?? []
      const leaf = leaves[index] ?? Buffer.alloc(0)
      assert.deepEqual(rootFromProof(leaf, { index, size, proof }), root)
      assert.notDeepEqual(rootFromProof(leafHash('forged'), { index, size, proof }), root)
      const wrong = other % size
      if (wrong !== index)
        assert.notDeepEqual(rootFromProof(leaf, { index: wrong, size, proof }), root)
      assert.notDeepEqual(
        rootFromProof(leaf, { index, size, proof: proof.slice(1) }),
        size === 1 ? null : root,
      )
    }),
    { seed: 5, numRuns: 300 },
  )
})
