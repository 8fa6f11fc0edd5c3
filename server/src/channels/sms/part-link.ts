/** What became of one submitted part. Only `accepted` and `unknown` may have reached a phone. */
export type SubmitAnswer =
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'not-written'; readonly detail: string }

export type LinkHealth = {
  readonly isBound: boolean
  readonly connects: number
  readonly inFlight: number
  readonly lastError: string | null
}

/** A line to a carrier that is kept up: F is what it submits, D what it is handed. */
export type PartLink<F, D> = {
  /** Writes at once or not at all; the answer settles when the provider answers, the line drops or time is up. */
  readonly submit: (fields: F) => Promise<SubmitAnswer>
  readonly whenBound: (waitMs: number) => Promise<boolean>
  /** The handler resolving means stored for good; rejecting asks the provider to offer it again. */
  readonly onDeliver: (handler: (delivered: D) => Promise<void>) => void
  readonly health: () => LinkHealth
  /** How many connections of it stand. */
  readonly bound: () => number
  readonly close: () => Promise<void>
}
