import { formatWhole } from '@dunlin/ui'

/** A band of arrears in words: below ¥1,000, ¥1,000–¥5,000, ¥20,000 and more. */
export function bandIn(bands: readonly number[], band: number, currency: string): string {
  const [low, high] = [bands[band - 1], bands[band]]
  const show = (minor: number): string => formatWhole(minor, currency)
  if (low === undefined) return high === undefined ? '–' : `< ${show(high)}`
  return high === undefined ? `≥ ${show(low)}` : `${show(low)}–${show(high)}`
}
