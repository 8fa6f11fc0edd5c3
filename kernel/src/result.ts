/** An operation that may be refused for a business reason. Failures are exceptions. */
export type Result<T, R> = Ok<T> | Refused<R>
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Refused<R> = { readonly ok: false; readonly refusal: R }

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value }
}

export function refused<R>(refusal: R): Refused<R> {
  return { ok: false, refusal }
}
