/** Says what must be true. A broken one ends the request or the job, never the process. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** The value, or an invariant error that names what was missing. Used instead of `!`. */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`missing ${what}`)
  return value
}

/** Closes a switch over a union: the compiler refuses a forgotten member, the program a forged one. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`)
}

export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
