import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { intentModelFile } from './intent-model.ts'

/** Trains the model of intents on the development half and writes its weights; part of `npm run generate`. */
const FILE = join(
  import.meta.dirname,
  '../server/src/conversations/model/generated/intent-model.ts',
)
writeFileSync(FILE, intentModelFile())
