import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Dialogue, readDialogue } from './dialogue.ts'

const FILE = join(import.meta.dirname, '../../../../strategies/dialogues/robot.yaml')
let known: Dialogue | null = null

/** The dialogue that robots hold, read once. Throws with the place when the file is wrong. */
export function robotDialogue(): Dialogue {
  known ??= readDialogue(parse(readFileSync(FILE, 'utf8')))
  return known
}
