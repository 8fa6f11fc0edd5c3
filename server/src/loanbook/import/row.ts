/** One record under the names of the contract. Absent columns read as empty text. */
export type Row = {
  readonly line: number
  readonly get: (column: string) => string
  readonly isMinor: (column: string) => boolean
}
