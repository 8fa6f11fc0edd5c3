import { join } from 'node:path'
import ts from 'typescript'

export const ROOT = join(import.meta.dirname, '..')
export const POLICY_DOOR = join(ROOT, 'policy/src/index.ts')

/** The sources behind the door of `policy`, as strict as the repository compiles them. */
export function policyProgram(options: ts.CompilerOptions): ts.Program {
  return ts.createProgram([POLICY_DOOR], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.esnext.d.ts', 'lib.esnext.temporal.d.ts'],
    types: [],
    // Not through node_modules, from where nothing is compiled.
    paths: { '@dunlin/kernel': [join(ROOT, 'kernel/src/index.ts')] },
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    ...options,
  })
}

/** The page of everything that the door of `policy` exports: what it is, its form, and what its comment says. */
export function policyApiPage(): string {
  const program = policyProgram({
    target: ts.ScriptTarget.ESNext,
    allowImportingTsExtensions: true,
    noEmit: true,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(POLICY_DOOR)
  const door = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (door === undefined) throw new Error(`${POLICY_DOOR} exports nothing`)
  const entries = checker
    .getExportsOfModule(door)
    .map((symbol) => entryOf(checker, symbol))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
  const section = (title: string, kind: Entry['kind']) => [
    `## ${title}`,
    '',
    ...entries.filter((entry) => entry.kind === kind).flatMap(({ lines }) => lines),
  ]
  return [
    '# API of @dunlin/policy',
    '',
    'Everything that the package exports. Instants in facts and intents are RFC 3339 with offset, dates `YYYY-MM-DD`;',
    'an `Instant` of a verdict is milliseconds since 1970-01-01T00:00:00Z.',
    '',
    ...section('Functions', 'function'),
    ...section('Values', 'value'),
    ...section('Types', 'type'),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

type Entry = {
  readonly name: string
  readonly kind: 'function' | 'value' | 'type'
  readonly lines: readonly string[]
}

function entryOf(checker: ts.TypeChecker, exported: ts.Symbol): Entry {
  const symbol =
    (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported)
  const name = exported.getName()
  const [declaration] = symbol.getDeclarations() ?? []
  if (declaration === undefined) throw new Error(`${name} is declared nowhere`)
  const words = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const { kind, code } = formOf(declaration)
  const lines = [`### ${name}`, '', ...(words === '' ? [] : [words, '']), '```ts', code, '```', '']
  return { name, kind, lines }
}

/** The declaration as it is written, a function without its body, a table of words without its words. */
function formOf(declaration: ts.Declaration): { kind: Entry['kind']; code: string } {
  const text = declaration.getText()
  if (ts.isFunctionDeclaration(declaration)) {
    const end =
      declaration.body === undefined ? text.length : declaration.body.pos - declaration.getStart()
    return {
      kind: 'function',
      code: text
        .slice(0, end)
        .replace(/^export /, '')
        .trim(),
    }
  }
  if (ts.isVariableDeclaration(declaration)) return { kind: 'value', code: `const ${text}` }
  return { kind: 'type', code: text.replace(/^export /, '') }
}
