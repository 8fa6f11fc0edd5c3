import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import ts from 'typescript'
import { ROOT, sourceFiles, trackedFiles } from './source-files.ts'

const CODE = sourceFiles(/\.(tsx?|mjs)$/)
const PRODUCT = CODE.filter(({ path }) => !/\.test\.ts$|(^|\/)test-[a-z-]+\.ts$/.test(path))
const LINES_MAX = 400
const TEST_LINES_MAX = 600

function offenders(files: typeof CODE, wrong: (line: string) => boolean): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (wrong(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  )
}

function withoutComment(line: string): string {
  return /^\s*(\*|\/\/|\/\*)/.test(line) ? '' : line
}

test('files stay within 400 lines, tests within 600: split by idea', () => {
  const tooLong = CODE.filter(({ path, text }) => {
    const lines = text.split('\n').length - 1
    return lines > (path.endsWith('.test.ts') ? TEST_LINES_MAX : LINES_MAX)
  })
  assert.deepEqual(
    tooLong.map(({ path }) => path),
    [],
  )
})

test('the clock, chance and the environment are read only in their homes', () => {
  const homes =
    /kernel\/src\/(clock|random|instant)\.ts$|platform\/clock\.ts$|^ui\/src\/clock\.ts$|platform\/config\/env\.ts$|^(bench|scripts|test)\/|^sandbox\/src\/(main|clock)\.ts$|supervisor\.ts$/
  const banned = /Date\.now\(|new Date\(|Math\.random\(|process\.env\b|Temporal\.Now\b/
  const files = PRODUCT.filter(({ path }) => !homes.test(path))
  assert.deepEqual(
    offenders(files, (line) => banned.test(withoutComment(line))),
    [],
  )
})

test('no casts, non-null marks, any or silenced checks: parse at the edge instead', () => {
  const files = PRODUCT.filter(
    ({ path }) =>
      /\.tsx?$/.test(path) &&
      /^(kernel|policy|contract|ui|console|portal|server|sandbox|world)\//.test(path),
  )
  assert.deepEqual(files.flatMap(unsoundPlaces), [])
  const silenced = new RegExp(`@ts-(ignore|expect-error)|${'biome'}-ignore`)
  assert.deepEqual(
    offenders(files, (line) => silenced.test(line)),
    [],
  )
})

function unsoundPlaces({ path, text }: { path: string; text: string }): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isCast = ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)
    if (isCast || ts.isNonNullExpression(node) || node.kind === ts.SyntaxKind.AnyKeyword) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.push(`${path}:${line + 1}: ${node.getText().slice(0, 80)}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

test('nothing is left for later', () => {
  const words = new RegExp(
    `\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['HA', 'CK'].join('')})\\b`,
  )
  assert.deepEqual(
    offenders(CODE, (line) => words.test(line)),
    [],
  )
})

test('no error is swallowed without a word', () => {
  assert.deepEqual(
    offenders(CODE, (line) => /catch( *\([^)]*\))? *\{ *\}/.test(line)),
    [],
  )
})

test('tests are neither skipped for good nor focused', () => {
  const tests = CODE.filter(({ path }) => path.endsWith('.test.ts'))
  assert.deepEqual(
    offenders(tests, (line) => /\b(it|test|describe)\.(skip|only|todo)\b/.test(line)),
    [],
  )
})

test('the root holds what a newcomer expects and nothing else', () => {
  const expected = new Set(
    (
      '.ci .dependency-cruiser.mjs .gitattributes .gitignore AGENTS.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md GLOSSARY.md LICENSE ' +
      'README.md README.zh-CN.md STYLE.md bench biome.json console contract db demo docs kernel knip.json maps package-lock.json ' +
      'package.json packs policy portal sandbox scripts server strategies test tsconfig.json ui vectors world'
    ).split(' '),
  )
  const found = new Set(trackedFiles().map((path) => path.split('/')[0] ?? path))
  assert.deepEqual(
    [...found].filter((entry) => !expected.has(entry)),
    [],
  )
})

test('every domain has a page and a door', () => {
  const domains = readdirSync(`${ROOT}/server/src`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['cli', 'open-api'].includes(entry.name))
    .map((entry) => entry.name)
  const files = new Set(trackedFiles())
  const missing = domains.flatMap((name) =>
    [
      `server/src/${name}/README.md`,
      ...(['platform', 'channels'].includes(name) ? [] : [`server/src/${name}/index.ts`]),
    ].filter((path) => !files.has(path)),
  )
  assert.deepEqual(missing, [])
})

test('folders stay small enough to read', () => {
  const counts = new Map<string, number>()
  for (const path of trackedFiles()) {
    const folder = path.split('/').slice(0, -1).join('/')
    // Migrations only ever get more.
    if (/generated|docs\/|packs|maps|^strategies\/|rules|^db\/migrations$/.test(folder)) continue
    counts.set(folder, (counts.get(folder) ?? 0) + (/\.test\.ts$/.test(path) ? 0 : 1))
  }
  assert.deepEqual(
    [...counts].filter(([, count]) => count > 30),
    [],
  )
})

test('no telephone or identity number in the tree could be a real person’s', () => {
  const chineseMobile = /(?<![\d.])1[3-9]\d{9}(?![\d.])/g
  const madeUp = /^1(99|90)0000\d{4}$|^1(\d)\2{9}$/
  const files = sourceFiles(/\.(ts|yaml|md|json|csv)$/)
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(chineseMobile)]
      .map(([number]) => number)
      .filter((number) => !madeUp.test(number))
      .map((number) => `${path}: ${number}`),
  )
  assert.deepEqual(found, [])
})
