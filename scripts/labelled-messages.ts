import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INTENTS, type Intent } from '../server/src/conversations/model/intent.ts'

export type Labelled = { readonly text: string; readonly intent: Intent }

/** A half of the labelled messages (test/intent): a line a message under `# class`. */
export function readLabelled(half: 'development' | 'held-out'): readonly Labelled[] {
  const text = readFileSync(join(import.meta.dirname, `../test/intent/${half}.txt`), 'utf8')
  const found: Labelled[] = []
  let intent: Intent | undefined
  for (const line of text.split('\n')) {
    const name = line.match(/^# (\S+)$/)?.[1]
    if (name !== undefined) {
      intent = INTENTS.find((known) => known === name)
      if (intent === undefined) throw new Error(`${half}: there is no class ${name}`)
    } else if (line !== '') {
      if (intent === undefined) throw new Error(`${half}: a message before the first class`)
      found.push({ text: line.replaceAll('\\n', '\n'), intent })
    }
  }
  return found
}
