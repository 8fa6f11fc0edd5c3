import { IMPORT_LIMITS } from './limits.ts'

/** One record: its line in the file, and its cells in the order of the header. */
export type Raw = { readonly line: number; readonly cells: readonly string[] }
export type RowSource = {
  readonly header: readonly string[]
  /** Batches, so that a million rows do not cost a million turns of the event loop. */
  readonly batches: AsyncIterable<readonly Raw[]>
  /** Share of the file read so far, 0 to 1. */
  readonly progress: () => number
}

export async function* inBatches(rows: AsyncIterable<Raw>): AsyncIterable<readonly Raw[]> {
  let batch: Raw[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length >= IMPORT_LIMITS.batchRows) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
