declare const brand: unique symbol

/** A value of `T` that only its own parser or store may make: `Brand<string, 'CaseId'>`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
