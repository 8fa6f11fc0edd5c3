import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileStrategy, type Strategy } from './model/strategy.ts'

const STRATEGIES = join(import.meta.dirname, '../../../strategies')

/** Compiled strategies by file, as long as the file is what it was. */
const compiled = new Map<string, { changedAt: number; strategy: Strategy }>()

/** Reads and compiles `strategies/NAME.yaml`; throws an error that names the file and the place. */
export async function loadStrategy(name: string, folder: string = STRATEGIES): Promise<Strategy> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`${name} is no name of a strategy`)
  const file = join(folder, `${name}.yaml`)
  const found = await stat(file).catch(() => {
    throw new Error(`there is no strategy ${name}: expected the file strategies/${name}.yaml`)
  })
  const known = compiled.get(file)
  if (known?.changedAt === found.mtimeMs) return known.strategy
  try {
    const strategy = compileStrategy(parse(await readFile(file, 'utf8')))
    compiled.set(file, { changedAt: found.mtimeMs, strategy })
    return strategy
  } catch (error) {
    throw new Error(
      `strategies/${name}.yaml: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}
