import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { anApi, type Call, KEYS, problemOf, type Reply } from './test-api.ts'

// Guarantees that hold for every route of the document, whoever adds one.

const api = await anApi()
const { call } = api

const media = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }))
const operationSchema = z.object({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  requestBody: z.object({ content: media }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: media.optional() })),
})
type Operation = z.infer<typeof operationSchema> & {
  readonly method: string
  readonly path: string
}

const document = z
  .object({
    openapi: z.string(),
    paths: z.record(z.string(), z.record(z.string(), z.unknown())),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  })
  .parse((await call('GET /openapi.json')).json)
const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operationSchema.parse(operation),
    method: method.toUpperCase(),
    path,
  })),
)
const withKey = operations.filter(({ security }) => security === undefined)
const withBody = operations.filter(({ requestBody }) => requestBody !== undefined)

/** The route with something that fits its places. */
function requestOf({ method, path }: Operation): string {
  return `${method} ${path
    .replace('{provider}', 'webhook')
    .replace('{account}', 'bank')
    .replaceAll(/\{\w+\}/g, '1')}`
}

function isProblem({ status, type, json, headers }: Reply, name: string): void {
  assert.ok(status >= 400 && status < 500, `${name}: ${status} ${JSON.stringify(json)}`)
  assert.match(type, /^application\/problem\+json/, name)
  assert.equal(json.status, status, name)
  assert.equal(json.requestId, headers.get('x-request-id'), name)
  for (const field of ['code', 'title', 'detail', 'type'])
    assert.equal(typeof json[field], 'string', `${name} ${field}`)
}

test('the document is OpenAPI 3.1 and names every endpoint of the contract that this path needs', () => {
  assert.equal(document.openapi, '3.1.0')
  const named = new Set(operations.map(({ method, path }) => `${method} ${path}`))
  const wanted = [
    'POST /api/v1/imports',
    'GET /api/v1/imports/{id}',
    'GET /api/v1/cases',
    'GET /api/v1/cases/{id}',
    'GET /api/v1/cases/{id}/timeline',
    'GET /api/v1/cases/{id}/permissions',
    'POST /api/v1/gate/decisions',
    'POST /api/v1/gate/explanations',
    'POST /api/v1/content/lint',
    'GET /api/v1/decisions/{id}/explanation',
    'GET /api/v1/attempts/{id}/explanation',
    'POST /api/v1/contacts',
    'GET /api/v1/attempts',
    'GET /api/v1/attempts/{id}',
    'POST /api/v1/attempts/{id}/outcome',
    'POST /api/v1/attempts/{id}/settlement',
    'POST /api/v1/ledger-events',
    'POST /api/v1/promises',
    'POST /api/v1/payments/orders',
    'GET /api/v1/payments/orders/{id}',
    'POST /api/v1/holds',
    'DELETE /api/v1/holds/{id}',
    'POST /api/v1/disputes',
    'POST /api/v1/complaints',
    'GET /api/v1/worklist',
    'GET /api/v1/evidence/{caseId}',
    'PUT /api/v1/settings',
    'GET /healthz',
    'GET /readyz',
    'GET /metrics',
    'POST /callbacks/{provider}/{account}',
  ]
  assert.deepEqual(
    wanted.filter((route) => !named.has(route)),
    [],
  )
})

test('every route says what it takes, what it answers and which problems it has', () => {
  for (const { method, path, responses, requestBody } of operations) {
    const name = `${method} ${path}`
    const good = Object.keys(responses).filter((status) => status.startsWith('2'))
    assert.ok(good.length > 0, `${name} names no good answer`)
    for (const [status, { content }] of Object.entries(responses)) {
      const [type, shown] = Object.entries(content ?? {})[0] ?? []
      assert.ok(shown !== undefined && Object.keys(shown.schema).length > 0, `${name} ${status}`)
      if (Number(status) >= 400) {
        assert.equal(type, 'application/problem+json', name)
        assert.equal(shown.schema.$ref, '#/components/schemas/Problem', name)
      }
    }
    assert.ok('500' in responses && '400' in responses, name)
    assert.equal(requestBody === undefined, !['POST', 'PUT', 'PATCH'].includes(method), name)
  }
  assert.ok('Problem' in document.components.schemas)
})

test('without a key, with a wrong one or with half a header every route but the public ones refuses, whatever the body', async () => {
  const open = operations.filter((each) => !withKey.includes(each)).map(({ path }) => path)
  assert.deepEqual(open.sort(), [
    '/callbacks/wechat-pay/{account}',
    '/callbacks/{provider}/{account}',
    '/healthz',
    '/metrics',
    '/readyz',
  ])
  const strangers: Call[] = [
    { key: undefined },
    { key: 'not-a-key-of-ours-at-all' },
    { key: '' },
    { key: undefined, headers: { authorization: KEYS.admin } },
    { key: undefined, headers: { authorization: `Basic ${KEYS.admin}` } },
  ]
  for (const operation of withKey) {
    for (const stranger of strangers) {
      const hasBody = operation.requestBody !== undefined
      const answer = await call(requestOf(operation), {
        ...stranger,
        ...(hasBody ? { text: '{' } : {}),
      })
      assert.equal(problemOf(answer), '401 auth.missing', requestOf(operation))
      isProblem(answer, requestOf(operation))
    }
  }
})

/** POSTs that ask a question and keep nothing. */
const asksOnly = ({ path }: { path: string }): boolean =>
  path.startsWith('/api/v1/gate/') || path.endsWith('/content/lint') || path.endsWith('/trial')

test('a key that may only read cannot change anything', async () => {
  const changing = withKey.filter((operation) => operation.method !== 'GET' && !asksOnly(operation))
  assert.ok(changing.length > 8)
  for (const operation of changing) {
    const answer = await call(requestOf(operation), { key: KEYS.read, text: '{}' })
    assert.equal(problemOf(answer), '403 auth.scope', requestOf(operation))
  }
})

test('every POST that creates takes an Idempotency-Key and says so', () => {
  const creating = withKey.filter(
    (operation) => operation.method === 'POST' && !asksOnly(operation),
  )
  const without = creating.filter(
    ({ parameters }) => !parameters.some(({ name }) => name === 'Idempotency-Key'),
  )
  assert.deepEqual(
    without.map(({ path }) => path),
    [],
  )
})

const HOSTILE: readonly Call[] = [
  { text: '' },
  { text: '{' },
  { text: 'null' },
  { text: '[]' },
  { text: '7' },
  { text: '"text"' },
  { text: '{"__proto__": {"isAdmin": true}}' },
  { text: '{"constructor": {"prototype": {"x": 1}}}' },
  { text: '['.repeat(50_000) },
  { text: `{"caseId": "${'9'.repeat(5_000)}"}` },
  { text: '{"caseId": "1; drop table loan", "loanNo": "\' or 1=1 --"}' },
  { text: '{"reason": "\\u0000", "loanNo": "a\\u0000b"}' },
  { text: '{"reason": "\\ud800"}' },
  { text: '{"\\u0000": 1}' },
  { text: '{"amountMinor": 1e400, "dueOn": "9999999-01-01"}' },
  { text: '{}', type: 'text/plain' },
  { text: '{}', type: 'application/xml' },
  { text: '{}', type: 'application/x-www-form-urlencoded' },
  { text: 'nothing of a form', type: 'multipart/form-data; boundary=x' },
  { text: 'nothing of a form', type: 'multipart/form-data' },
  { text: '{}', type: ';;;' },
  { text: '{}', once: 'k'.repeat(300) },
  { text: '{}', once: '\u00ff\u00fe' },
]

test('hostile bodies get a problem, never a failure of ours', async () => {
  for (const operation of withBody) {
    for (const hostile of HOSTILE) {
      const request = requestOf(operation)
      const name = `${request} ${JSON.stringify(hostile).slice(0, 100)}`
      const answer = await call(request, { key: KEYS.admin, ...hostile })
      if (answer.status >= 300) isProblem(answer, name)
    }
  }
  assert.deepEqual(api.failures, [])
})

test('hostile addresses get a problem, never a failure of ours', async () => {
  const words = [
    '%00',
    '%ff',
    '%',
    '..%2f..',
    'x'.repeat(3_000),
    '1%27',
    '-1',
    '1e9',
    '999999999999999999',
  ]
  for (const operation of operations) {
    for (const word of words) {
      const path = operation.path.replaceAll(/\{\w+\}/g, word)
      const query = `?cursor=${word}&limit=${word}&state=${word}&caseId=${word}&stage=${word}`
      const body = operation.requestBody === undefined ? {} : { text: '{}' }
      const request = `${operation.method} ${path}${path.startsWith('/api') ? query : ''}`
      const answer = await call(request, { key: KEYS.admin, ...body })
      if (answer.status >= 300) isProblem(answer, request.slice(0, 120))
    }
  }
  assert.deepEqual(api.failures, [])
})

test('a body larger than a route takes is refused before it is kept', async () => {
  const text = `{"reason": "${'x'.repeat(2 * 1024 * 1024)}"}`
  for (const operation of withBody.filter(({ path }) => !path.endsWith('/imports'))) {
    const answer = await call(requestOf(operation), { key: KEYS.admin, text })
    assert.equal(problemOf(answer), '413 request.too_large', requestOf(operation))
  }
})

test('an unknown address and an unknown method are problems like any other', async () => {
  isProblem(await call('GET /api/v1/nothing'), 'unknown address')
  isProblem(await call('PATCH /api/v1/cases/1', { text: '{}' }), 'unknown method')
  const own = await call('GET /api/v1/nothing', { headers: { 'x-request-id': 'mine-1' } })
  assert.equal(own.json.requestId, 'mine-1')
  const bad = await call('GET /api/v1/nothing', { headers: { 'x-request-id': '<script>' } })
  assert.notEqual(bad.json.requestId, '<script>')
})
