import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

/** The link of one batch: who stands before it, and what it holds. Hex throughout. */
export const chainLinkSchema = z.object({
  sequence: z.int().positive(),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  leafCount: z.int().positive(),
  decidedAt: z.string(),
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string().regex(/^[0-9a-f]+$/),
})
export type ChainLink = z.infer<typeof chainLinkSchema>

/** What stands before the first batch. */
export const GENESIS = '0'.repeat(64)

/** The hash that names a batch's place: SHA-256 over its fields, each on a line of its own. */
export function linkHash(link: Omit<ChainLink, 'hash' | 'signature'>): string {
  const text = [
    'dunlin-evidence/1',
    link.sequence,
    link.root,
    link.leafCount,
    link.decidedAt,
    link.previousHash,
  ]
  return createHash('sha256').update(text.join('\n')).digest('hex')
}

/** Signs heads and manifests with Ed25519. */
export type EvidenceSigner = {
  readonly sign: (hash: string) => string
  /** SPKI, PEM. */
  readonly publicKey: string
}

/** The signer of a key file, made on first use and readable by its owner alone. */
export async function openEvidenceSigner(path: string): Promise<EvidenceSigner> {
  const pem = await readFile(path, 'utf8').catch(() => makeKey(path))
  return signerOf(createPrivateKey(pem))
}

function signerOf(key: KeyObject): EvidenceSigner {
  return {
    sign: (hash) => sign(null, Buffer.from(hash, 'hex'), key).toString('hex'),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  }
}

export function isSignedBy(publicKey: string, hash: string, signature: string): boolean {
  return verify(
    null,
    Buffer.from(hash, 'hex'),
    createPublicKey(publicKey),
    Buffer.from(signature, 'hex'),
  )
}

async function makeKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeFile(path, pem, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return readFile(path, 'utf8')
}

/** Appends heads to the file outside the database that a later history cannot rewrite unseen. */
export async function publishHeads(path: string, links: readonly ChainLink[]): Promise<void> {
  if (links.length === 0) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await appendFile(path, links.map((link) => `${JSON.stringify(link)}\n`).join(''), { mode: 0o600 })
}

/** What is wrong with a chain of links from the first batch on; empty when nothing is. */
export function checkChain(links: readonly ChainLink[], publicKey: string): string[] {
  const problems: string[] = []
  let previousHash = GENESIS
  for (const [index, link] of links.entries()) {
    if (link.sequence !== index + 1)
      problems.push(`batch ${link.sequence} stands at place ${index + 1}`)
    if (link.previousHash !== previousHash)
      problems.push(`batch ${link.sequence} does not follow the one before it`)
    if (linkHash(link) !== link.hash) problems.push(`batch ${link.sequence} was changed`)
    if (!isSignedBy(publicKey, link.hash, link.signature))
      problems.push(`batch ${link.sequence} is not signed by the key`)
    previousHash = link.hash
  }
  return problems
}
