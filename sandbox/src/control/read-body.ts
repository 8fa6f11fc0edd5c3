/** A JSON object that changes some fields of the example; RangeError names what does not fit. */
export function changeOf<T extends object>(example: T, body: unknown): Partial<T> {
  const fields = objectOf(body)
  if (isChange(example, fields)) return fields
  throw new RangeError(`allowed are: ${Object.keys(example).join(', ')}`)
}

/** A text field of a JSON object; RangeError when it is missing. */
export function textField(body: unknown, name: string): string {
  const value = objectOf(body)[name]
  if (typeof value !== 'string') throw new RangeError(`${name} must be a text`)
  return value
}

/** A number field of a JSON object, undefined when absent; RangeError when it is no number. */
export function numberField(body: unknown, name: string): number | undefined {
  const value = objectOf(body)[name]
  if (value !== undefined && typeof value !== 'number') {
    throw new RangeError(`${name} must be a number`)
  }
  return value
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RangeError('the body must be a JSON object')
  }
  return { ...body }
}

function isChange<T extends object>(example: T, fields: object): fields is Partial<T> {
  const types = new Map(Object.entries(example).map(([name, value]) => [name, typeof value]))
  return Object.entries(fields).every(([name, value]) => types.get(name) === typeof value)
}
