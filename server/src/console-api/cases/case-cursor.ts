import { z } from 'zod'
import { Problem } from '../../platform/http/index.ts'

/** Where a page ended: the value that it is ordered by, and the case. */
export type Place = { readonly value: string; readonly caseId: string }

const shape = z.tuple([z.string().max(40), z.string().regex(/^\d{1,18}$/)])

export function encodePlace(value: string | null, caseId: string): string {
  return Buffer.from(JSON.stringify([value ?? '', caseId])).toString('base64url')
}

export function decodePlace(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  try {
    const [value, caseId] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { value, caseId }
  } catch {
    throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  }
}
