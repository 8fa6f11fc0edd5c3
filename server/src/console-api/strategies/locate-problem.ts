import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

export type Located = { readonly line: number; readonly text: string }

const PLACE = /at ([\w[\].]+)$/
const STEP = /(?:condition of|step) ([a-z0-9-]+)/
const STOP = /condition of stop\[(\d+)\]/

/**
 * Why a ladder in YAML was refused, line by line: what the reader of the text answers names places of the
 * document, an author looks for lines. Line 0 where no line can be named.
 */
export function locateProblems(source: string, detail: string): Located[] {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines })
  if (document.errors.length > 0)
    return document.errors.map(({ pos: [start], message }) => ({
      line: lines.linePos(start).line,
      text: message.split(/ at line \d/)[0] ?? message,
    }))
  const lineOf = (path: readonly (string | number)[]): number => lineAt(document, lines, path)
  return problemsIn(detail).map(({ text, place }) => ({
    text,
    line: lineOf(place === null ? pathNamedIn(text, document) : pathOf(place)),
  }))
}

/** Messages of one refusal: each with the place that the line below it names. */
function problemsIn(detail: string): { text: string; place: string | null }[] {
  const rows = detail.replace(/^strategy: /, '').split('\n')
  return rows.flatMap((row, index) => {
    if (row.trim().startsWith('→')) return []
    const place = PLACE.exec((rows[index + 1] ?? '').trim())?.[1] ?? null
    return [{ text: row.replace(/^✖ /, '').trim(), place }]
  })
}

/** `steps[3].channel` → steps, 3, channel. */
function pathOf(place: string): (string | number)[] {
  return [...place.matchAll(/[^.[\]]+/g)].map(([part]) =>
    /^\d+$/.test(part) ? Number(part) : part,
  )
}

function pathNamedIn(text: string, document: Document): (string | number)[] {
  const stop = STOP.exec(text)?.[1]
  if (stop !== undefined) return ['stop', Number(stop)]
  const key = STEP.exec(text)?.[1]
  const steps = document.get('steps')
  if (key === undefined || !isSeq(steps)) return text.startsWith('the name') ? ['name'] : []
  const index = steps.items.findLastIndex((step) => isMap(step) && step.get('key') === key)
  return index === -1 ? [] : ['steps', index]
}

/** The line of a place, or of the nearest place above it that is there. */
function lineAt(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) {
      const [start] = node.range
      return isScalar(node) || depth < path.length || start > 0 ? lines.linePos(start).line : 1
    }
  }
  return 0
}
