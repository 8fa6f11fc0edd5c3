import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

// Builds a browser package into a folder and packs its files for the wire, so that nobody packs them again.

export async function buildPacked(
  folder: string,
  build: (outDir: string) => Promise<unknown>,
): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  await build(unfinished)
  await packAll(join(unfinished, 'assets'))
  // Whoever comes second finds the first one's folder: the same sources, the same files.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
}

async function packAll(assets: string): Promise<void> {
  const found = await readdir(assets, { recursive: true, withFileTypes: true })
  const files = found.filter((each) => each.isFile())
  await Promise.all(files.map(({ parentPath, name }) => pack(join(parentPath, name))))
}

async function pack(file: string): Promise<void> {
  const bytes = await readFile(file)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  await Promise.all([
    promisify(brotliCompress)(bytes, { params }).then((packed) => writeFile(`${file}.br`, packed)),
    promisify(gzip)(bytes).then((packed) => writeFile(`${file}.gz`, packed)),
  ])
}
