import type { Sql } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import {
  findMatter,
  listDocuments,
  listSteps,
  type Matter,
  type MatterDocument,
} from './matter-store.ts'

export type MatterFile = Matter & {
  /** What was raised, in the words of whoever raised it. */
  readonly text: string
  readonly steps: readonly {
    readonly kind: string
    readonly at: string
    readonly by: string
    /** The words of a decision or an appeal; null where there are none. */
    readonly text: string | null
    readonly detail: Readonly<Record<string, string | null>>
  }[]
  readonly documents: readonly MatterDocument[]
}

/** A matter whole, its words opened; null when there is none. */
export async function readMatter(
  sql: Sql,
  sealer: Sealer,
  matterId: string,
): Promise<MatterFile | null> {
  const matter = await findMatter(sql, matterId)
  if (matter === null) return null
  const steps = await listSteps(sql, matter)
  return {
    ...matter,
    text: sealer.open(matter.sealedText),
    steps: steps.map(({ sealedText, ...step }) => ({
      ...step,
      text: sealedText === null ? null : sealer.open(sealedText),
    })),
    documents: await listDocuments(sql, matter),
  }
}
