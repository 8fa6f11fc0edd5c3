import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../server/src/open-api/describe-api.ts'
import { configurationPage } from '../server/src/platform/config/index.ts'
import { STATUS } from '../server/src/platform/http/index.ts'
import { strategyJsonSchema } from '../server/src/strategy/index.ts'
import { eventsPage } from './events-page.ts'
import { httpPage } from './http-api.ts'
import { kpiPage } from './kpi-page.ts'

/** Writes the reference pages and schemas that are made from code; CI compares them with what is committed. */
const ROOT = join(import.meta.dirname, '..')
const codes = Object.entries(STATUS).map(([code, status]) => `| \`${code}\` | ${status} |`)

writeFileSync(join(ROOT, 'docs/reference/configuration.md'), configurationPage())
writeFileSync(
  join(ROOT, 'docs/reference/errors.md'),
  `# Error codes of the HTTP API\n\nMade from \`server/src/platform/http/problem.ts\`; do not edit.\n\n| code | status |\n| --- | --- |\n${codes.join('\n')}\n`,
)
writeFileSync(join(ROOT, 'docs/reference/kpi.md'), kpiPage())
writeFileSync(join(ROOT, 'docs/reference/events.md'), eventsPage())
writeFileSync(
  join(ROOT, 'strategies/strategy.schema.json'),
  `${JSON.stringify(strategyJsonSchema(), null, 2)}\n`,
)

const document = await openApiDocument('0.1.0')
writeFileSync(join(ROOT, 'docs/reference/openapi.json'), `${JSON.stringify(document, null, 1)}\n`)
writeFileSync(join(ROOT, 'docs/reference/http.md'), httpPage(document))
