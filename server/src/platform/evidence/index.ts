export {
  type ChainLink,
  chainLinkSchema,
  checkChain,
  type EvidenceSigner,
  isSignedBy,
  openEvidenceSigner,
} from './chain.ts'
export { inclusionProofs, leafHash, merkleRoot, rootFromProof } from './merkle.ts'
export { readChain, sealBatches } from './seal-batches.ts'
