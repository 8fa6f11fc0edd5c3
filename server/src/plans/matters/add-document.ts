import { formatInstant, ok, type Result } from '@dunlin/kernel'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { lockMatter } from './lock-matter.ts'
import { insertDocument, insertStep } from './matter-store.ts'

export type DocumentGiven = {
  readonly title: string
  /** Where it lies: an address or a number in the archive. */
  readonly reference: string
  /** 64 hexadecimal digits. */
  readonly sha256: string
}

/** Adds a document's reference and hash to a matter, whatever its state. */
export async function addDocument(
  work: Work,
  actor: Actor,
  given: DocumentGiven & { readonly matterId: string },
): Promise<Result<{ documentId: string }, PlanRefusal>> {
  const found = await lockMatter(work, given.matterId)
  if (!found.ok) return found
  const { borrowerId, matterId } = found.value.matter
  const key = { borrowerId, matterId }
  const [documentId = ''] = await addDocuments(work, { key, by: actor.id, documents: [given] })
  return ok({ documentId })
}

/** The same for several, of a matter whose borrower is locked. */
export async function addDocuments(
  { tx, at }: Pick<Work, 'tx' | 'at'>,
  given: {
    readonly key: { borrowerId: string; matterId: string }
    readonly by: string
    readonly documents: readonly DocumentGiven[]
  },
): Promise<string[]> {
  const ids: string[] = []
  const addedAt = formatInstant(at)
  for (const { title, reference, sha256 } of given.documents) {
    const row = { title, reference, sha256, addedAt, addedBy: given.by }
    const documentId = await insertDocument(tx, given.key, row)
    await insertStep(tx, given.key, {
      kind: 'document',
      at: addedAt,
      by: given.by,
      sealedText: null,
      detail: { documentId, sha256 },
    })
    ids.push(documentId)
  }
  return ids
}
