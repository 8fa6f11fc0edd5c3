/** The lesser of two amounts. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** The larger of two amounts. */
export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}
