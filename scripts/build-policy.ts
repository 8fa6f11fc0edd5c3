import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import source from '../policy/package.json' with { type: 'json' }
import { POLICY_DOOR, policyApiPage, policyProgram, ROOT } from './policy-api.ts'

// `npm run build:policy [-- FOLDER]`: the gate as a package of its own, ready for `npm pack` or
// `npm publish`: JavaScript with types, the kernel inside, zod its only dependency. The sources stay as
// they are: within this repository TypeScript runs directly, under node_modules it does not.

const target = resolve(process.argv[2] ?? join(ROOT, 'policy/dist'))
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
emit(join(target, 'lib'))
copyFileSync(join(ROOT, 'policy/generated/packs.json'), join(target, 'packs.json'))
copyFileSync(join(ROOT, 'policy/README.md'), join(target, 'README.md'))
copyFileSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'))
writeFileSync(join(target, 'API.md'), policyApiPage())
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
console.log(target)

/** Compiles policy and what it uses of the kernel to `lib/policy` and `lib/kernel`. */
function emit(lib: string): void {
  const program = policyProgram({
    target: ts.ScriptTarget.ES2022,
    outDir: lib,
    rootDir: ROOT,
    declaration: true,
    rewriteRelativeImportExtensions: true,
  })
  const { diagnostics } = program.emit(undefined, (file, text) => {
    const path = file.replace('/src/', '/')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, withLocalImports(text, path, lib))
  })
  const [problem] = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (problem !== undefined) {
    throw new Error(`${POLICY_DOOR}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`)
  }
}

/** Imports of the kernel become relative ones, and every import names a file that is there. */
function withLocalImports(text: string, path: string, lib: string): string {
  const kernel = relative(dirname(path), join(lib, 'kernel/index.js'))
  return text
    .replaceAll(/(['"])@dunlin\/kernel\1/g, `'${kernel.startsWith('.') ? kernel : `./${kernel}`}'`)
    .replaceAll(/(from |import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2')
}

function manifest(): object {
  const { name, version, description, keywords, license, type, dependencies } = source
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    sideEffects: false,
    engines: { node: '>=20' },
    types: './lib/policy/index.d.ts',
    exports: {
      '.': { types: './lib/policy/index.d.ts', default: './lib/policy/index.js' },
      './packs.json': './packs.json',
      './package.json': './package.json',
    },
    files: ['lib', 'packs.json', 'API.md'],
    dependencies: { zod: dependencies.zod },
  }
}
