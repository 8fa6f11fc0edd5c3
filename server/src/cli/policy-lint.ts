import { readFileSync } from 'node:fs'
import { type Finding, lintContent } from '@dunlin/policy'
import { loadPolicy } from '../platform/packs.ts'
import { segmentWords } from '../platform/segment-words.ts'
import { EXIT, type Io } from './io.ts'

const PACKS = ['cn', 'wecom', 'lender-default']
/** A longer text is no message. */
const TEXT_LENGTH_MAX = 100_000

/** `dunlin policy lint FILE|-`: findings with a caret under each place. Returns 1 when one blocks, 2 for no text. */
export function runPolicyLint(file: string, { json, io }: { json: boolean; io: Io }): number {
  const policy = loadPolicy(PACKS)
  const text = readText(file)
  if (policy === null || text === null || text.length > TEXT_LENGTH_MAX) {
    io.error(`${file}: cannot be read as a message of at most ${TEXT_LENGTH_MAX} characters`)
    return EXIT.usage
  }
  const language = /\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en'
  const question = { text, language, channel: 'sms', kind: 'reminder' } as const
  const findings = lintContent(policy, question, { segment: segmentWords })
  for (const finding of findings) {
    for (const line of json ? [JSON.stringify(finding)] : inWords(finding, text)) io.out(line)
  }
  return findings.some(({ blocks }) => blocks) ? EXIT.problems : EXIT.ok
}

function readText(file: string): string | null {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trimEnd()
  } catch {
    // The caller says what was wrong with the file.
    return null
  }
}

function inWords({ rule, severity, start, end, mend }: Finding, text: string): string[] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const [line = ''] = text.slice(lineStart).split('\n')
  const marked = text.slice(start, Math.min(end, lineStart + line.length))
  const carets = '^'.repeat(Math.max(1, columns(marked)))
  return [
    `${severity} ${rule} [${start}, ${end})`,
    `  ${line}`,
    `  ${' '.repeat(columns(text.slice(lineStart, start)))}${carets}`,
    `  ${mend.zh} ${mend.en}`,
  ]
}

/** Han characters and full-width signs take two columns of a terminal. */
function columns(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffe6]/.test(sign) ? 2 : 1), 0)
}
