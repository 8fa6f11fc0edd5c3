import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { LOANS } from '../loanbook/test-book.ts'
import { anApi, KEYS, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, url } = api
const ROW = LOANS.split('\n')[1] ?? ''
const MORE = `${LOANS.split('\n')[0]}\n${ROW.replace('L1,B1', 'L7,B7').replace('19900000001', '19900000007')}\n`

async function upload(
  fields: Record<string, string>,
  file: { name: string; bytes: string | Uint8Array<ArrayBuffer> } | null,
  once?: string,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file !== null) form.append('file', new Blob([file.bytes]), file.name)
  const answer = await fetch(`${url}/api/v1/imports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${KEYS.write}`,
      ...(once === undefined ? {} : { 'idempotency-key': once }),
    },
    body: form,
  })
  const json: unknown = await answer.json()
  return { status: answer.status, text: JSON.stringify(json), json }
}

/** The report of an import once it is over. */
async function ended(answer: { text: string }) {
  const { id } = JSON.parse(answer.text)
  for (let tries = 0; tries < 500; tries += 1) {
    const report = await call(`GET /api/v1/imports/${id}`)
    if (report.json.state !== 'running') return report.json
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`import ${id} does not end`)
}

async function leftFolders(): Promise<string[]> {
  return readdir(join(api.home, 'uploads'))
}

test('a file in JSON is loaded before the answer; the same again changes nothing', async () => {
  const body = { kind: 'loans', portfolio: 'main', csv: LOANS }
  const again = await call('POST /api/v1/imports', { body })
  assert.deepEqual([again.status, again.json.state, again.json.unchanged], [201, 'done', 4])
  const report = await call(`GET /api/v1/imports/${String(again.json.id)}`)
  assert.deepEqual([report.json.state, report.json.read, report.json.rejects], ['done', 4, []])
})

test('a file of a form is streamed to disk and loads behind the answer; its report tells how far it is', async () => {
  const answer = await upload(
    { kind: 'loans', portfolio: 'main' },
    { name: 'loans.csv.gz', bytes: new Uint8Array(gzipSync(MORE)) },
  )
  assert.equal(answer.status, 201, answer.text)
  assert.match(answer.text, /"state":"running"/)
  const report = await ended(answer)
  assert.deepEqual([report.state, report.created, report.fileName], ['done', 1, 'loans.csv.gz'])
  assert.equal((await db.query(`select 1 from loan where loan_no = 'L7'`)).length, 1)
})

test('bad rows are told by line and column, masked; the rest loads', async () => {
  const csv = `${MORE}${ROW.replace('L1,', 'L8,').replace('10000.00', 'ten')}\n`
  const answer = await call('POST /api/v1/imports', {
    body: { kind: 'loans', portfolio: 'main', csv },
  })
  assert.deepEqual([answer.status, answer.json.rejected], [201, 1])
  const report = await call(`GET /api/v1/imports/${String(answer.json.id)}`)
  assert.match(JSON.stringify(report.json.rejects), /"line":3,.*"column":"principal_outstanding"/)
})

test('a dry run counts and changes nothing', async () => {
  const csv = MORE.replaceAll('L7,B7', 'L9,B9')
  const body = { kind: 'loans', portfolio: 'main', csv, dryRun: true }
  const answer = await call('POST /api/v1/imports', { body })
  assert.deepEqual([answer.status, answer.json.created], [201, 1])
  assert.deepEqual(await db.query(`select 1 from loan where loan_no = 'L9'`), [])
})

test('an upload under one key loads once; another file under it is a conflict', async () => {
  const fields = { kind: 'loans', portfolio: 'main' }
  const first = await upload(fields, { name: 'a.csv', bytes: MORE }, 'upload-1')
  const again = await upload(fields, { name: 'a.csv', bytes: MORE }, 'upload-1')
  assert.deepEqual(again.json, first.json)
  const other = await upload(fields, { name: 'a.csv', bytes: LOANS }, 'upload-1')
  assert.match(other.text, /"code":"idempotency.conflict"/)
  await ended(first)
})

test('what an upload gets wrong is named, and nothing is left on disk', async () => {
  const file = { name: 'a.csv', bytes: LOANS }
  const good = { kind: 'loans', portfolio: 'main' }
  const told = [
    await upload({ portfolio: 'main' }, file),
    await upload({ ...good, kind: 'loan' }, file),
    await upload({ ...good, asOf: 'today' }, file),
    await upload({ ...good, colour: 'red' }, file),
    await upload(good, null),
    await upload({ ...good, portfolio: 'nowhere' }, file),
    await upload(good, { name: 'a.csv', bytes: 'a,b\n1,2\n' }),
    await upload(good, { name: 'a.xlsx', bytes: 'no spreadsheet' }),
  ].map(({ status, json }) => {
    const { code, field } = JSON.parse(JSON.stringify(json))
    return `${status} ${code} ${field}`
  })
  assert.deepEqual(told, [
    '400 request.invalid kind',
    '400 request.invalid kind',
    '400 request.invalid asOf',
    '400 request.invalid colour',
    '400 request.invalid file',
    '422 import.refused portfolio',
    '422 import.refused file',
    '422 import.refused file',
  ])
  const wrong = await call('POST /api/v1/imports', { body: { kind: 'loans', portfolio: 'main' } })
  assert.equal(problemOf(wrong), '400 request.invalid csv')
  assert.equal(problemOf(await call('GET /api/v1/imports/999999')), '404 resource.not_found id')
  assert.deepEqual(await leftFolders(), [])
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})
