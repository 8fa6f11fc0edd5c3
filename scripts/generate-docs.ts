import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationPage } from '../server/src/platform/config/index.ts'
import { STATUS } from '../server/src/platform/http/index.ts'
import { strategyJsonSchema } from '../server/src/strategy/index.ts'

/** Writes the reference pages and schemas that are made from code; CI compares them with what is committed. */
const ROOT = join(import.meta.dirname, '..')
const codes = Object.entries(STATUS).map(([code, status]) => `| \`${code}\` | ${status} |`)

writeFileSync(join(ROOT, 'docs/reference/configuration.md'), configurationPage())
writeFileSync(
  join(ROOT, 'docs/reference/errors.md'),
  `# Error codes of the HTTP API\n\nMade from \`server/src/platform/http/problem.ts\`; do not edit.\n\n| code | status |\n| --- | --- |\n${codes.join('\n')}\n`,
)
writeFileSync(
  join(ROOT, 'strategies/strategy.schema.json'),
  `${JSON.stringify(strategyJsonSchema(), null, 2)}\n`,
)
