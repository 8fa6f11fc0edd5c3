import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import nodemailer from 'nodemailer'

const MAIN = join(import.meta.dirname, 'main.ts')
const DEADLINE_MS = 10_000
const PORTS = ['--smpp-port', '0', '--smtp-port', '0', '--control-port', '0']

async function start(
  ...flags: string[]
): Promise<{ child: ChildProcess; control: string; smtp: string }> {
  const child = spawn(process.execPath, [MAIN, ...PORTS, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const [line] = await once(lines, 'line')
  return { child, ...JSON.parse(String(line)) }
}

async function ask(
  url: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; value: Record<string, unknown> }> {
  const answer = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, value: JSON.parse(await answer.text()) }
}

test('the clock can be set and sped up, and others can compute it from one reading', async () => {
  const { control } = await start('--start-at', '2026-11-24T00:00:00Z', '--rate', '0')
  assert.equal((await ask(`${control}/clock`)).value.epochMs, Date.UTC(2026, 10, 24))
  const set = await ask(`${control}/clock`, 'PUT', { epochMs: Date.UTC(2027, 0, 1), rate: 1000 })
  assert.equal(set.value.rate, 1000)
  assert.ok(Number(set.value.epochMs) >= Date.UTC(2027, 0, 1))
  assert.equal((await ask(`${control}/clock`, 'PUT', { rate: -1 })).status, 400)
})

test('control refuses what it does not know and says what there is', async () => {
  const { control } = await start()
  assert.equal((await ask(`${control}/nothing`)).status, 404)
  const wrong = await ask(`${control}/smsc/misbehave`, 'POST', { explode: 1 })
  assert.equal(wrong.status, 400)
  assert.match(String(wrong.value.error), /throttleNext/)
  assert.equal((await ask(`${control}/smsc/misbehave`, 'POST', { throttleNext: 2 })).status, 200)
  const { misbehaviour } = (await ask(`${control}/smsc`)).value
  assert.equal(JSON.stringify(misbehaviour).includes('"throttleNext":2'), true)
})

test('mail is taken, shown, and refused on demand', async () => {
  const { control, smtp } = await start('--no-people')
  const [host = '', port = ''] = smtp.split(':')
  const transport = nodemailer.createTransport({ host, port: Number(port), ignoreTLS: true })
  const letter = { from: 'a@example.com', to: 'b@example.com', subject: '通知', text: '您好' }
  await transport.sendMail(letter)
  const listed = await fetch(`${control}/mail`)
  assert.match(await listed.text(), /"to":\["b@example.com"\],"subject":"通知","text":"您好/)
  await ask(`${control}/mail/misbehave`, 'POST', { rejectRecipientNext: 1, dropAfterNext: 1 })
  await assert.rejects(transport.sendMail(letter), { responseCode: 550 })
  await assert.rejects(transport.sendMail(letter), /closed|reset/i)
  transport.close()
})

test('ends on SIGTERM with nothing left behind', async () => {
  const { child, control } = await start()
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(DEADLINE_MS) })
  assert.equal(code, 0)
  await assert.rejects(fetch(`${control}/clock`))
})

test('ends when the process that started it goes away', async () => {
  const nested = `
    const { spawn } = await import('node:child_process')
    const child = spawn(process.execPath, ${JSON.stringify([MAIN, ...PORTS])}, { stdio: ['ignore', 'inherit', 'inherit'] })
    setInterval(() => undefined, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', nested], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => parent.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const { control } = JSON.parse(String(line))
  parent.kill('SIGKILL')
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const isUp = await fetch(`${control}/clock`).then(
      () => true,
      () => false,
    )
    if (!isUp) return
    assert.ok(Date.now() < deadline, 'the sandbox outlived its parent')
    await new Promise((done) => setTimeout(done, 50))
  }
})
