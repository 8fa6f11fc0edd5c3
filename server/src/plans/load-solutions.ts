import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parseSolutions, type Solutions } from './model/solutions.ts'

const FOLDER = join(import.meta.dirname, '../../../strategies/solutions')
const loaded = new Map<string, LoadedSolutions>()

export type LoadedSolutions = Solutions & { readonly hash: string }

/** The rules of a country, or those that hold where there are none of its own. Read once a process. */
export function solutionsOf(country: string, folder: string = FOLDER): LoadedSolutions {
  const own = join(folder, `${country.toLowerCase()}.yaml`)
  const file = existsSync(own) ? own : join(folder, 'default.yaml')
  const known = loaded.get(file)
  if (known !== undefined) return known
  const text = readFileSync(file, 'utf8')
  try {
    const solutions = {
      ...parseSolutions(parse(text)),
      hash: createHash('sha256').update(text).digest('hex'),
    }
    loaded.set(file, solutions)
    return solutions
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
