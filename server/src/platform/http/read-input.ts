import type { z } from 'zod'
import { Problem } from './problem.ts'

const ID = /^\d{1,18}$/

/** What came in by its schema; a problem that names the field when it is not as expected. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.map(String).join('.') ?? ''
  throw new Problem('request.invalid', issue?.message ?? 'not as expected', field)
}

/** An id of ours from an address. */
export function readId(given: Readonly<Record<string, string>>, name: string): string {
  const value = given[name] ?? ''
  if (!ID.test(value)) throw new Problem('request.invalid', 'expected an id', name)
  return value
}
