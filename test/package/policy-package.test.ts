import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { z } from 'zod'
import { buildPolicy, ROOT } from './build-policy.ts'

// The gate as a stranger gets it: packed, installed without a network into an empty folder, and used as
// its own page says, by a plain node.

const packedSchema = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
)
let folder = ''

before(() => {
  folder = buildPolicy()
})

function npm(args: readonly string[], cwd: string): string {
  return execFileSync(
    'npm',
    [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd,
      encoding: 'utf8',
    },
  )
}

function pack(cwd: string, args: readonly string[]): z.infer<typeof packedSchema>[number] {
  const [packed] = packedSchema.parse(JSON.parse(npm(['pack', '--json', ...args], cwd)))
  assert.ok(packed)
  return packed
}

/** The first example of the page. */
function example(): string {
  const [, code = ''] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8')) ?? []
  return code
}

test('the package holds JavaScript, types, packs, pages and licence, and nothing else', () => {
  const { files } = pack(folder, ['--dry-run'])
  const paths = files.map(({ path }) => path)
  const expected = /^lib\/(policy|kernel)(\/[a-z-]+)+\.(js|d\.ts)$/
  assert.deepEqual(paths.filter((path) => !expected.test(path)).sort(), [
    'API.md',
    'LICENSE',
    'README.md',
    'package.json',
    'packs.json',
  ])
  assert.ok(paths.includes('lib/policy/index.js') && paths.includes('lib/policy/index.d.ts'))
  assert.ok(!paths.some((path) => path.includes('test')))
})

test('zod is the only dependency, and nothing in the package names another or any repository', () => {
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  const manifest = z
    .object({ license: z.string(), dependencies: z.record(z.string(), z.string()) })
    .loose()
    .parse(JSON.parse(text))
  assert.deepEqual(Object.keys(manifest.dependencies), ['zod'])
  assert.equal(manifest.license, 'Apache-2.0')
  for (const key of ['private', 'repository', 'devDependencies', 'scripts'])
    assert.ok(!(key in manifest), key)
  const { files } = pack(folder, ['--dry-run'])
  const packed = new Set(files.map(({ path }) => path))
  for (const path of [...packed].filter((each) => /\.(js|d\.ts)$/.test(each))) {
    const imports = [...readFileSync(join(folder, path), 'utf8').matchAll(/from ['"]([^'"]+)['"]/g)]
    for (const [, name = ''] of imports)
      assert.ok(name === 'zod' || packed.has(join(dirname(path), name)), `${path} imports ${name}`)
  }
})

test('installed from its file without a network, the example of its page runs and type-checks', () => {
  const project = mkdtempSync(join(tmpdir(), 'dunlin-stranger-'))
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  )
  const zod = pack(join(ROOT, 'node_modules/zod'), [
    '--ignore-scripts',
    '--pack-destination',
    project,
  ])
  const policy = pack(folder, ['--pack-destination', project])
  npm(['install', `./${zod.filename}`, `./${policy.filename}`], project)
  const code = example()
  assert.match(code, /^decide\(policy, facts, intent\)$/m)
  const told = code.replace(
    /^decide\(policy, facts, intent\)$/m,
    'console.log(JSON.stringify(decide(policy, facts, intent)))',
  )
  writeFileSync(join(project, 'example.js'), told)
  const answer = z
    .object({
      verdict: z.string(),
      until: z.number(),
      reasons: z.array(z.object({ rule: z.string() })),
    })
    .parse(
      JSON.parse(
        execFileSync(process.execPath, ['example.js'], { cwd: project, encoding: 'utf8' }),
      ),
    )
  assert.deepEqual([answer.verdict, answer.until], ['defer', 1_780_358_400_000])
  assert.equal(answer.reasons[0]?.rule, 'cn.time.quiet-hours')
  writeFileSync(join(project, 'example.ts'), told)
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022']
  execFileSync(
    process.execPath,
    [
      tsc,
      ...options,
      '--resolveJsonModule',
      '--typeRoots',
      join(ROOT, 'node_modules/@types'),
      'example.ts',
    ],
    { cwd: project, stdio: 'pipe' },
  )
})
