import { matchRules } from './intent-rules.ts'
import { plainText } from './plain-text.ts'

/** Features fall into so many places by their hash; two in one place share a weight. */
export const PLACES = 32_768

const GRAM_MAX = 3

/**
 * The places of a text's features: runs of one to three characters where a script writes no spaces, words and
 * pairs of words where it does, the phrases of the rules, and how long the text is. Each place once.
 */
export function featuresOf(text: string): readonly number[] {
  const plain = plainText(text).replaceAll(/\d+/g, '0')
  const places = new Set<number>()
  const add = (feature: string): void => {
    places.add(placeOf(feature))
  }
  for (const intent of matchRules(plainText(text))) add(`rule ${intent}`)
  const [first = 'none'] = matchRules(plainText(text))
  add(`first ${first}`)
  addCharacters(plain, add)
  addWords(plain, add)
  add(`length ${Math.min(6, Math.floor(Math.log2(plain.length + 1)))}`)
  return [...places]
}

function addCharacters(plain: string, add: (feature: string) => void): void {
  for (const [run] of plain.matchAll(/[\p{Script=Han}0]+/gu)) {
    const marked = [...`^${run}$`]
    for (let size = 1; size <= GRAM_MAX; size += 1) {
      for (let from = 0; from + size <= marked.length; from += 1)
        add(`c ${marked.slice(from, from + size).join('')}`)
    }
  }
}

function addWords(plain: string, add: (feature: string) => void): void {
  const words = [
    '^',
    ...(plain.match(/[\p{Script=Latin}']+|0|[?!]|\p{Emoji_Presentation}/gu) ?? []),
    '$',
  ]
  for (const [index, word] of words.entries()) {
    add(`w ${word}`)
    const next = words[index + 1]
    if (next !== undefined) add(`w ${word} ${next}`)
    const third = words[index + 2]
    if (next !== undefined && third !== undefined) add(`w ${word} ${next} ${third}`)
  }
}

/** FNV-1a over UTF-16 units. */
function placeOf(feature: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < feature.length; index += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % PLACES
}
