/** The largest serial of an item. */
export const EIGHT_DIGITS = 99_999_999

const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const

/**
 * The number of a registered item: service, eight digits, check digit, country. UPU standard S10: the digits
 * weighted by 8 6 4 2 3 5 9 7 are summed, and 11 less the remainder by 11 is the check digit, 10 as 0, 11 as 5.
 */
export function trackingNumber(
  serial: number,
  { prefix, country }: { readonly prefix: string; readonly country: string },
): string {
  const digits = String(serial).padStart(8, '0')
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits.charAt(at)), 0)
  const rest = 11 - (sum % 11)
  const check = rest === 10 ? 0 : rest === 11 ? 5 : rest
  return `${prefix}${digits}${check}${country}`
}

const NUMBERED = /^[A-Z]{2}(\d{8})\d[A-Z]{2}$/

/** The serial in the number of a registered item; null for anything else. */
export function serialOf(reference: string): number | null {
  const [, serial] = NUMBERED.exec(reference) ?? []
  return serial === undefined ? null : Number(serial)
}
