import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { checkVector, type VectorFailure } from '../loanbook/index.ts'
import { EXIT, type Io } from './io.ts'

type CheckOptions = { readonly json: boolean; readonly io: Io }

/**
 * `dunlin ledger check FILE…`: runs ledger vectors, one line per failure and a closing count.
 * Returns 0 when all hold, 1 when one fails, 2 when a file cannot be read.
 */
export async function runLedgerCheck(
  files: readonly string[],
  { json, io }: CheckOptions,
): Promise<number> {
  const counts = { passed: 0, failed: 0 }
  for (const file of files) {
    try {
      await checkFile(file, counts, { json, io })
    } catch (error) {
      io.error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
      return EXIT.usage
    }
  }
  io.out(json ? JSON.stringify(counts) : `${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed === 0 ? EXIT.ok : EXIT.problems
}

async function checkFile(
  file: string,
  counts: { passed: number; failed: number },
  { json, io }: CheckOptions,
): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue
    const { id, failures } = checkVector(JSON.parse(line))
    if (failures.length === 0) counts.passed += 1
    else counts.failed += 1
    for (const failure of failures)
      io.out(json ? JSON.stringify({ id, ...failure }) : inWords(id, failure))
  }
}

function inWords(id: string, { field, expected, got }: VectorFailure): string {
  return `${id}: ${field} expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`
}
