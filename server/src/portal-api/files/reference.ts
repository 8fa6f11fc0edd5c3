import type { Sealer } from '../../platform/seal/index.ts'

// The reference of a paper of ours: whoever holds the paper can ask whether it is genuine, and learns nothing else.

const MARK_CHARS = 10
/** Without letters that are taken for one another. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const PREFIX = { receipt: 'R', settlement: 'S' } as const
export type Paper = keyof typeof PREFIX

/** `DL-S1-12-7K2M9Q4TXB`: its kind, whose paper it is, a number, and a mark that only we can make. */
export function makeReference(
  sealer: Sealer,
  { paper, portfolioId, number }: { paper: Paper; portfolioId: string; number: string },
): string {
  const name = `${PREFIX[paper]}${portfolioId}-${number}`
  return `DL-${name}-${markOf(sealer, name)}`
}

/** The portfolio of a reference that we made; null for anything else. */
export function readReference(sealer: Sealer, text: string): { portfolioId: string } | null {
  const given = text.normalize('NFKC').trim().toUpperCase()
  const [, name = '', portfolioId = '', mark = ''] =
    /^DL-([RS](\d{1,18})-\d{1,18}(?:\.\d{1,6})?)-([0-9A-Z]{10})$/.exec(given) ?? []
  return name !== '' && mark === markOf(sealer, name) ? { portfolioId } : null
}

function markOf(sealer: Sealer, name: string): string {
  const hash = sealer.hash('portal_paper', name)
  return [...hash.subarray(0, MARK_CHARS)].map((byte) => LETTERS[byte % 32] ?? '').join('')
}
