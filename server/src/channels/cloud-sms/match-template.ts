/** One approved template and the values by which it gives a text. */
export type TemplateMatch = {
  readonly code: string
  readonly values: Readonly<Record<string, string>>
}

const VARIABLE = /\$\{(\w{1,40})\}|\{(\d{1,2})\}/g

/**
 * The approved template that gives exactly this text with this signature before it, and its values; null
 * when none does. A cloud sends its template, not our text: only an exact fit sends what the gate judged.
 */
export function matchTemplate(
  text: string,
  given: {
    readonly signName: string
    readonly templates: readonly { readonly code: string; readonly text: string }[]
  },
): TemplateMatch | null {
  const signature = `【${given.signName}】`
  if (!text.startsWith(signature)) return null
  const body = text.slice(signature.length)
  for (const { code, text: approved } of given.templates) {
    const values = valuesOf(body, approved)
    if (values !== null) return { code, values }
  }
  return null
}

function valuesOf(body: string, approved: string): Readonly<Record<string, string>> | null {
  const names: string[] = []
  let pattern = ''
  let from = 0
  for (const variable of approved.matchAll(VARIABLE)) {
    pattern += `${RegExp.escape(approved.slice(from, variable.index))}([^\\n]{1,100}?)`
    names.push(variable[1] ?? variable[2] ?? '')
    from = variable.index + variable[0].length
  }
  const found = new RegExp(`^${pattern}${RegExp.escape(approved.slice(from))}$`, 'u').exec(body)
  if (found === null) return null
  const values = names.map((name, index) => [name, found[index + 1] ?? ''] as const)
  const record = Object.fromEntries(values)
  // A name that stands twice must have one value.
  return values.every(([name, value]) => record[name] === value) ? record : null
}
