/**
 * Whether a text is one of the words that stop a channel. Compared after NFKC (full-width letters), case
 * folding and without punctuation, symbols, spaces and invisible characters; the whole text must be the
 * word, since a sentence that contains one may mean its opposite.
 */
export function isStopWord(text: string, words: readonly string[]): boolean {
  const said = bare(text)
  return said !== '' && words.some((word) => bare(word) === said)
}

/** Longer texts are no single word, whatever is stripped from them. */
const CHARS_MAX = 200

function bare(text: string): string {
  if (text.length > CHARS_MAX) return ''
  return text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\p{P}\p{S}\p{Z}\p{C}]/gu, '')
}
