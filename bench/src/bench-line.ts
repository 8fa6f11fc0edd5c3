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

/** The line as it is printed: every bench may round as it likes, what is printed has four digits. */
export function printed(line: BenchLine): BenchLine {
  const { value, peerValue, ratio } = line
  return {
    name: line.name,
    value: short(value),
    unit: line.unit,
    peer: line.peer,
    peerValue: peerValue === null ? null : short(peerValue),
    ratio: ratio === null ? null : short(ratio),
    bar: line.bar,
    met: line.met,
  }
}

function short(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
}
