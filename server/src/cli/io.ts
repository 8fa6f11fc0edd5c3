/** Where a command writes: answers to `out`, complaints to `error`. */
export type Io = { readonly out: (line: string) => void; readonly error: (line: string) => void }

/** Exit codes of every command. */
export const EXIT = { ok: 0, problems: 1, usage: 2, failed: 3 } as const
