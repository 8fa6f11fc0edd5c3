import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT: string = join(import.meta.dirname, '../..')

/** Files git knows or would know, with their text; generated ones left out. */
export function sourceFiles(ending: RegExp): { path: string; text: string }[] {
  return trackedFiles()
    .filter((path) => ending.test(path) && !/(^|\/)generated\/|package-lock\.json$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const deleted = execFileSync('git', ['ls-files', '-d', '-z'], { cwd: ROOT, encoding: 'utf8' })
  const gone = new Set(deleted.split('\0'))
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && !gone.has(path))
}
