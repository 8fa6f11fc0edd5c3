/** One measured figure beside what it is measured against; printed as one JSON line. */
export type BenchLine = {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What was measured in the same run for comparison; null when the bar is absolute. */
  readonly peer: string | null
  readonly peerValue: number | null
  readonly ratio: number | null
  /** The bar in words, such as `>= 100000 1/s`. */
  readonly bar: string
  readonly met: boolean
}
