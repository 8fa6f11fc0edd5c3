import type { Instant } from './instant.ts'

/** Where instants come from. Domain code takes an instant as a parameter; only the shell owns a clock. */
export type Clock = { readonly now: () => Instant }
