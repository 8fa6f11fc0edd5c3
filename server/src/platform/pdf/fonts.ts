import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { create, type Font } from 'fontkit'
import { z } from 'zod'
import { unpackWoff } from './unpack-woff.ts'

// Noto Sans SC (SIL Open Font License 1.1), from the package that slices it by ranges of characters.

const require = createRequire(import.meta.url)
const FOLDER = dirname(require.resolve('@fontsource/noto-sans-sc/package.json'))

/** The common characters in one file; rarer ones, such as those of names, lie in slices of their own. */
const COMMON = 'chinese-simplified'
const fonts = new Map<string, { bytes: Buffer; font: Font }>()

export type Run = { readonly fontName: string; readonly text: string }

/**
 * A text as runs of one font each: every character is drawn by a font that has it. One that none has is
 * written as its number, so that it is missed by nobody.
 */
export function splitByFont(text: string): Run[] {
  const runs: { fontName: string; text: string }[] = []
  for (const character of text) {
    // The end of a line is drawn by nothing and belongs to any font.
    const found = character === '\n' ? COMMON : fontOf(character)
    const fontName = found ?? COMMON
    const drawn =
      found === null ? `[U+${pointOf(character).toString(16).toUpperCase()}]` : character
    const last = runs.at(-1)
    if (last?.fontName === fontName) last.text += drawn
    else runs.push({ fontName, text: drawn })
  }
  return runs
}

export function fontBytes(fontName: string): Buffer {
  return load(fontName).bytes
}

function fontOf(character: string): string | null {
  const point = pointOf(character)
  if (load(COMMON).font.hasGlyphForCodePoint(point)) return COMMON
  const slice = sliceRanges().find(
    ({ name, ranges }) =>
      ranges.some(([from, to]) => from <= point && point <= to) &&
      load(name).font.hasGlyphForCodePoint(point),
  )
  return slice?.name ?? null
}

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

function load(fontName: string): { bytes: Buffer; font: Font } {
  const known = fonts.get(fontName)
  if (known !== undefined) return known
  const file = join(FOLDER, `files/noto-sans-sc-${fontName}-400-normal.woff`)
  const bytes = unpackWoff(readFileSync(file))
  const font = create(bytes)
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${fontName} is a collection of fonts`)
  const loaded = { bytes, font }
  fonts.set(fontName, loaded)
  return loaded
}

type Slice = { readonly name: string; readonly ranges: readonly (readonly [number, number])[] }
let slices: readonly Slice[] | undefined

function sliceRanges(): readonly Slice[] {
  slices ??= Object.entries(
    z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync(join(FOLDER, 'unicode.json'), 'utf8'))),
  ).map(([key, text]) => ({
    name: key.replace(/[[\]]/g, ''),
    ranges: text.split(',').map(toRange),
  }))
  return slices
}

/** `U+4e00-4eff` or `U+4e00`. */
function toRange(text: string): readonly [number, number] {
  const [from = '', to = from] = text.trim().replace(/^U\+/i, '').split('-')
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
}
