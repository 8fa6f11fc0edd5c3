import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import wavefile from 'wavefile'
import { runRateRecordings } from './recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'dunlin-rate-'))

function written(name: string, sides: readonly Float64Array[]): string {
  const wave = new wavefile.WaveFile()
  wave.fromScratch(sides.length, 8000, '16', [...sides])
  const file = join(folder, name)
  writeFileSync(file, wave.toBuffer())
  return file
}

function run(files: readonly string[], json = false) {
  const out: string[] = []
  const errors: string[] = []
  const io = { out: (line: string) => out.push(line), error: (line: string) => errors.push(line) }
  return { code: runRateRecordings(files, { json, io }), out, errors }
}

test('each file is told, one that cannot be read is named, and the worst decides what is returned', () => {
  const loud = Float64Array.from({ length: 96_000 }, (_, at) => (at % 20 < 10 ? 32_767 : -32_768))
  const still = new Float64Array(96_000)
  const quiet = written('quiet.wav', [still, still])
  const clipped = written('clipped.wav', [loud, still])
  const mono = written('mono.wav', [still])
  assert.deepEqual([run([quiet]).code, run([clipped]).code, run([mono, quiet]).code], [0, 1, 2])
  assert.match(run([clipped]).out.join('\n'), /look at: .*agent_clipped/)
  const { out, errors } = run([mono, quiet], true)
  assert.match(errors.join(''), /mono\.wav: it has 1 channel/)
  assert.equal(JSON.parse(out.join('')).file, quiet)
  assert.equal(run([join(folder, 'none.wav')]).code, 2)
})
