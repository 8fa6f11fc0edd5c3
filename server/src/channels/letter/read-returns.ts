import { type Instant, parseInstant } from '@dunlin/kernel'

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
/** A number or a permit's id. */
const REFERENCE = /^[A-Za-z0-9-]{1,40}$/
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
    if (!REFERENCE.test(reference)) problems.push(`${place}: reference is no number of a letter`)
    else if (!isState(state)) problems.push(`${place}: state is not delivered, returned or refused`)
    else if (at === null) problems.push(`${place}: at is no instant with an offset`)
    else returns.push({ reference, state, at, reason: reasons.join(',').trim() })
  }
  return { returns, problems }
}
