export type SenderKind = 'phone' | 'email' | 'sender' | 'letter'

/** What somebody who asks "is this really you?" has typed: an address, a letter's reference, a number. */
export function kindOf(value: string): SenderKind | null {
  const text = value.normalize('NFKC').trim()
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return 'email'
  if (/^dl-/i.test(text)) return 'letter'
  const digits = digitsOf(text)
  if (!/^[+\d\s().-]+$/.test(text) || digits.length < 3) return null
  return /^10[06]\d/.test(digits) ? 'sender' : 'phone'
}

/** A number as digits alone, without the mainland's country code. */
export function digitsOf(value: string): string {
  const digits = value.normalize('NFKC').replace(/\D/g, '')
  return digits.length > 10 ? digits.replace(/^(00)?86/, '') : digits
}
