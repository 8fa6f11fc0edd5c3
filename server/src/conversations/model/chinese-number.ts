const UNITS: Readonly<Record<string, number>> = { 千: 1_000, 百: 100, 十: 10 }
const DIGITS = '零一二三四五六七八九'

/** The number that Chinese numerals write: 一千二 is 1,200, 三百零五 is 305, 两万 is 20,000. */
export function chineseNumber(numerals: string): number {
  const [high = '', low] = numerals.replaceAll('两', '二').split('万')
  if (low === undefined) return section(high)
  const rest = /^[一二三四五六七八九]$/.test(low) ? digitOf(low) * 1_000 : section(low)
  return section(high) * 10_000 + rest
}

function section(text: string): number {
  let total = 0
  for (const [, digit, unit = ''] of text.matchAll(/([一二三四五六七八九])?([千百十])/g))
    total += (digit === undefined ? 1 : digitOf(digit)) * (UNITS[unit] ?? 1)
  const [, unit = '', last] = /([千百十零])?([一二三四五六七八九])$/.exec(text) ?? []
  if (last === undefined) return total
  // 三千五 is 3,500: a last digit right after a unit counts the next lower one.
  return total + digitOf(last) * Math.max(1, (UNITS[unit] ?? 10) / 10)
}

function digitOf(char: string): number {
  return Math.max(0, DIGITS.indexOf(char))
}
