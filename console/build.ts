import { buildPacked } from '@dunlin/ui/pack'
import { build } from 'vite'

// `node console/build.ts FOLDER`: builds the console into a folder and packs its files for the wire.

const [, , folder = ''] = process.argv
await buildPacked(folder, (outDir) =>
  build({ root: import.meta.dirname, logLevel: 'error', build: { outDir, emptyOutDir: true } }),
)
