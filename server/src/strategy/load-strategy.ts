import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileStrategy, type Strategy } from './model/strategy.ts'

const STRATEGIES = join(import.meta.dirname, '../../../strategies')

/** Reads and compiles `strategies/NAME.yaml`; throws an error that names the file and the place. */
export async function loadStrategy(name: string, folder: string = STRATEGIES): Promise<Strategy> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`${name} is no name of a strategy`)
  const file = join(folder, `${name}.yaml`)
  const source = await readFile(file, 'utf8').catch(() => {
    throw new Error(`there is no strategy ${name}: expected the file strategies/${name}.yaml`)
  })
  try {
    return compileStrategy(parse(source))
  } catch (error) {
    throw new Error(
      `strategies/${name}.yaml: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}
