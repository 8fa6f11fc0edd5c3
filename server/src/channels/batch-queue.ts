/** Collects items while a batch is being worked on; each `add` settles with the batch it went into. */
export type BatchQueue<T> = { readonly add: (item: T) => Promise<void> }

/** At most `batchMax` items go into one run of `work`; runs follow one another. */
export function createBatchQueue<T>(
  batchMax: number,
  work: (items: readonly T[]) => Promise<void>,
): BatchQueue<T> {
  let waiting: { item: T; resolve: () => void; reject: (reason: unknown) => void }[] = []
  let isRunning = false

  async function drain(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      waiting = waiting.slice(batchMax)
      try {
        await work(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        // Each waiter passes the failure on to its provider, which offers the item again.
        for (const { reject } of batch) reject(error)
      }
    }
    isRunning = false
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        // The next turn of the loop, so that all that came in one read goes into one batch.
        if (!isRunning) {
          isRunning = true
          setImmediate(drain)
        }
      }),
  }
}
