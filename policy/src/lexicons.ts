import { compilePhrases, type Phrases } from './content/phrases.ts'
import { rememberLast } from './content/remember-last.ts'
import type { Pack } from './pack.ts'

/** Where a lexicon matched. Offsets are UTF-16 units of the text as given. */
export type Span = {
  readonly lexicon: string
  readonly start: number
  readonly end: number
  readonly text: string
}

export type Matcher = (text: string, language: string) => boolean

/** The compiled word lists of a policy. A lexicon that nobody defined fails when the policy is compiled: nothing passes by a typo. */
export type Lexicons = {
  readonly matches: (name: string, text: string, language: string) => boolean
  /** The test of one lexicon, looked up once, for texts in zh-CN and en. */
  readonly matcher: (name: string) => Matcher
  /** The text with every match of a lexicon taken out. */
  readonly without: (name: string, text: string, language: string) => string
  readonly phrases: Phrases
  readonly spans: (name: string, text: string, language: string) => readonly Span[]
}

/** Patterns of every pack, the first definition of a name holding; packs that disagree are refused. */
export function compileLexicons(packs: readonly Pack[]): Lexicons {
  const patterns = new Map<string, RegExp>()
  for (const pack of packs) {
    for (const [key, pattern] of Object.entries(pack.lexicons).flatMap(patternsOf)) {
      if (String(patterns.get(key) ?? pattern) !== String(pattern)) {
        throw new Error(`pack ${pack.id}: lexicon ${key} differs from the one already loaded`)
      }
      patterns.set(key, pattern)
    }
  }
  const patternOf = (name: string, language: string): RegExp => {
    const found = patterns.get(`${name} ${language}`)
    if (found === undefined) throw new Error(`no lexicon ${name} for ${language}`)
    return found
  }
  // A pack reads a text as it is, and its overlay the same text normalised: mostly they are one.
  const tests = new Map<string, (text: string) => boolean>()
  const testOf = (name: string, language: string): ((text: string) => boolean) => {
    const key = `${name} ${language}`
    const pattern = patternOf(name, language)
    const known = tests.get(key) ?? rememberLast((text) => pattern.test(text))
    tests.set(key, known)
    return known
  }
  return {
    phrases: compilePhrases(packs),
    matches: (name, text, language) => patternOf(name, language).test(text),
    matcher: (name) => {
      const [chinese, english] = [testOf(name, 'zh-CN'), testOf(name, 'en')]
      return (text, language) => (language === 'en' ? english : chinese)(text)
    },
    without: (name, text, language) => text.replace(everywhere(patternOf(name, language)), ''),
    spans: (name, text, language) =>
      [...text.matchAll(everywhere(patternOf(name, language)))].map((match) => ({
        lexicon: name,
        start: match.index,
        end: match.index + match[0].length,
        text: match[0],
      })),
  }
}

function everywhere(pattern: RegExp): RegExp {
  return new RegExp(pattern, `g${pattern.flags}`)
}

function patternsOf([name, lexicon]: [string, Pack['lexicons'][string]]): [string, RegExp][] {
  const english = lexicon.caseSensitive === true ? '' : 'i'
  return [
    [`${name} zh-CN`, new RegExp(lexicon['zh-CN'])],
    [`${name} en`, new RegExp(lexicon.en, english)],
  ]
}
