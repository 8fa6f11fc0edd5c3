/** Readers of the address bar: what is not as expected counts as absent. */

type Search = Readonly<Record<string, unknown>>

export function textIn(search: Search, name: string): string | undefined {
  const value = search[name]
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

export function oneOf<const Values extends readonly string[]>(
  search: Search,
  name: string,
  values: Values,
): Values[number] | undefined {
  return values.find((value) => value === search[name])
}

/** A local date, `2026-06-01`. */
export function dayIn(search: Search, name: string): string | undefined {
  const text = textIn(search, name)
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined
}

export function flagIn(search: Search, name: string): true | undefined {
  return search[name] === true || search[name] === 'true' ? true : undefined
}
