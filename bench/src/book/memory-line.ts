import type { BenchLine } from '../bench-line.ts'

const MEGABYTES_MAX = 500

/** The most memory a job held, in MB. */
export function memoryLine(job: string, megabytes: number): BenchLine {
  return {
    name: `${job}-memory`,
    value: megabytes,
    unit: 'MB resident',
    peer: null,
    peerValue: null,
    ratio: null,
    bar: `<= ${MEGABYTES_MAX} MB`,
    met: megabytes <= MEGABYTES_MAX,
  }
}
