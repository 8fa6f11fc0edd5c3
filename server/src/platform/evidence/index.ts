export { insertBatch, treeOf } from './batch.ts'
export {
  type ChainLink,
  chainLinkSchema,
  checkChain,
  type EvidenceSigner,
  isSignedBy,
  openEvidenceSigner,
} from './chain.ts'
export { inclusionProofs, leafHash, merkleRoot, rootFromProof } from './merkle.ts'
export {
  checkPaper,
  findPaperHash,
  listPapersAfter,
  PAPER_COLUMNS,
  type Paper,
  recordPapers,
  type StoredPaper,
} from './papers.ts'
export { readChain, sealBatches } from './seal-batches.ts'
