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

export function flagIn(search: Search, name: string): true | undefined {
  return search[name] === true || search[name] === 'true' ? true : undefined
}
