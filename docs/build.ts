import { buildPacked } from '@dunlin/ui/pack'
import { build } from 'vitepress'

// `node docs/build.ts FOLDER`: builds the handbook into a folder and packs its files for the wire.

const [, , folder = ''] = process.argv
await buildPacked(folder, async (outDir) => {
  await build(import.meta.dirname, { outDir })
})
