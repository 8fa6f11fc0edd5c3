/** Whole minor units (fen, cents) of one currency. */
export type Money = { readonly minor: bigint; readonly currency: string }

const EXPONENTS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  PYG: 0,
  UGX: 0,
  XAF: 0,
  XOF: 0,
  BHD: 3,
  KWD: 3,
  OMR: 3,
  TND: 3,
  JOD: 3,
  IQD: 3,
  LYD: 3,
}

/** Digits after the decimal point of a currency (ISO 4217). */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2
}

/** `1234.50` in major units → minor units; null when it is no amount or has more digits than the currency. */
export function parseMajor(text: string, currency: string): bigint | null {
  const parts = /^([+-]?)(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text.replaceAll(',', ''))
  if (parts === null) return null
  const [, sign = '', whole = '', fraction = ''] = parts
  const exponent = currencyExponent(currency)
  if (/[1-9]/.test(fraction.slice(exponent))) return null
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  return sign === '-' ? -minor : minor
}

/** Minor units → `1234.50`. */
export function formatMajor(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const sign = minor < 0n ? '-' : ''
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`
}
