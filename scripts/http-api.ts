import type { ApiDocument } from '../server/src/open-api/describe-api.ts'

/** One row an endpoint: what it does, who may call it, and its problems. */
export function httpPage(document: ApiDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const problems = Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400 && !EVERYWHERE.has(status))
        .map(([, { description }]) => description)
      const scope = operation.security === undefined ? operation['x-scope'] : 'none'
      return `| \`${method.toUpperCase()} ${path}\` | ${operation.summary} | ${scope ?? ''} | ${problems.join(', ')} |`
    }),
  )
  return `# Endpoints of the HTTP API

Made from the routes in \`server/src/open-api/\`; do not edit. The whole document is [openapi.json](openapi.json), served at
\`/openapi.json\` and as a page at \`/docs\`. Problems are RFC 9457; their codes stand in [errors.md](errors.md). Any route may
also answer 400, 500 and, where it wants a key, 401 and 403.

| endpoint | does | scope of the key | its own problems |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

const EVERYWHERE: ReadonlySet<string> = new Set(['400', '401', '403', '500'])
