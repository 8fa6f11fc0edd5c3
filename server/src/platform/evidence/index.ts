export {
  type ChainLink,
  chainLinkSchema,
  checkChain,
  type EvidenceSigner,
  isSignedBy,
  openEvidenceSigner,
} from './chain.ts'
export { inclusionProof, leafHash, merkleRoot, rootFromProof } from './merkle.ts'
export { readChain, sealBatches } from './seal-batches.ts'
