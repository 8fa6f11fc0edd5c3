/** An element of a callback: its text, or its children by name in order. */
export type XmlElement = {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Bytes a callback may have, and how deep it may nest: theirs are a few hundred and four. */
const CHARS_MAX = 200_000
const DEPTH_MAX = 8

const PIECE = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>|([^<]+)/y
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

type Open = { readonly name: string; text: string; readonly children: XmlElement[] }

/**
 * Reads the small XML of callbacks: elements, text, CDATA. Anything else (declarations, document types,
 * own entities, attributes, comments) is not theirs and makes the whole null.
 */
export function readXml(source: string): XmlElement | null {
  const xml = source.trim()
  if (xml.length > CHARS_MAX) return null
  const stack: Open[] = [{ name: '', text: '', children: [] }]
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < xml.length) {
    const piece = PIECE.exec(xml)
    if (piece === null || !takePiece(stack, piece)) return null
  }
  const [root] = stack
  const [only, ...more] = root?.children ?? []
  return stack.length === 1 && more.length === 0 && root?.text.trim() === '' ? (only ?? null) : null
}

function takePiece(stack: Open[], piece: RegExpExecArray): boolean {
  const [, cdata, slash, name, selfClosing, text] = piece
  const top = stack.at(-1)
  if (top === undefined) return false
  if (name === undefined) {
    const words = cdata ?? plainText(text ?? '')
    if (words !== null) top.text += words
    return words !== null
  }
  if (slash === '/') return close(stack, name)
  if (stack.length > DEPTH_MAX) return false
  stack.push({ name, text: '', children: [] })
  return selfClosing === '/' ? close(stack, name) : true
}

function close(stack: Open[], name: string): boolean {
  const done = stack.pop()
  const parent = stack.at(-1)
  if (done === undefined || parent === undefined || done.name !== name) return false
  parent.children.push(done)
  return true
}

/** Text with the five entities that XML itself knows; null when there is another. */
function plainText(text: string): string | null {
  let isKnown = true
  const plain = text.replace(/&([^;]*);?/g, (_whole, name: string) => {
    const character = ENTITIES.get(name)
    if (character === undefined) isKnown = false
    return character ?? ''
  })
  return isKnown ? plain : null
}

/** The text of the first child of that name; empty when there is none. */
export function childText(element: XmlElement, name: string): string {
  return element.children.find((child) => child.name === name)?.text.trim() ?? ''
}
