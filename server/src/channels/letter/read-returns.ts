import { type Instant, parseInstant } from '@dunlin/kernel'
import { serialOf } from './tracking.ts'

/** What a print house or the post says of one letter. */
export type LetterReturn = {
  readonly reference: string
  readonly state: 'delivered' | 'returned' | 'refused'
  readonly at: Instant
  readonly reason: string
}
export type Returns = {
  readonly returns: readonly LetterReturn[]
  /** Lines that say nothing we could use, with why. */
  readonly problems: readonly string[]
}

const HEAD = 'reference,state,at,reason'
const PERMIT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isState = (word: string): word is LetterReturn['state'] =>
  word === 'delivered' || word === 'returned' || word === 'refused'

/** Reads a file of returns: `reference,state,at,reason`, a line each; the reason may hold commas. */
export function readReturns(text: string): Returns {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (head.trim() !== HEAD) return { returns: [], problems: [`line 1: expected ${HEAD}`] }
  const returns: LetterReturn[] = []
  const problems: string[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const [reference = '', state = '', atText = '', ...reasons] = line.split(',')
    const at = parseInstant(atText.trim())
    const place = `line ${index + 2}`
    if (!PERMIT_ID.test(reference) && serialOf(reference) === null)
      problems.push(`${place}: reference is no number of a letter`)
    else if (!isState(state)) problems.push(`${place}: state is not delivered, returned or refused`)
    else if (at === null) problems.push(`${place}: at is no instant with an offset`)
    else returns.push({ reference, state, at, reason: reasons.join(',').trim() })
  }
  return { returns, problems }
}
