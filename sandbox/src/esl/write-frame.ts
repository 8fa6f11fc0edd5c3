/** A frame as FreeSWITCH 1.10.12 writes it; a body's length counts bytes. */
export function commandReply(text: string, jobId?: string): string {
  const job = jobId === undefined ? '' : `Job-UUID: ${jobId}\n`
  return `Content-Type: command/reply\nReply-Text: ${text}\n${job}\n`
}

export function apiResponse(body: string): string {
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`
}

export function disconnectNotice(): string {
  const body = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n'
  return `Content-Type: text/disconnect-notice\nContent-Length: ${body.length}\n\n${body}`
}

export function rudeRejection(): string {
  const body = 'Access Denied, go away.\n'
  return `Content-Type: text/rude-rejection\nContent-Length: ${body.length}\n\n${body}`
}

/** An event in the form that the connection asked for: the length stands before the type. */
export function eventFrame(form: 'json' | 'plain', fields: Fields, body?: string): string {
  const text = form === 'json' ? jsonBody(fields, body) : plainBody(fields, body)
  return `Content-Length: ${Buffer.byteLength(text)}\nContent-Type: text/event-${form}\n\n${text}`
}

export type Fields = Readonly<Record<string, string>>

function jsonBody(fields: Fields, body: string | undefined): string {
  if (body === undefined) return JSON.stringify(fields)
  return JSON.stringify({ ...fields, 'Content-Length': `${Buffer.byteLength(body)}`, _body: body })
}

function plainBody(fields: Fields, body: string | undefined): string {
  const lines = Object.entries(fields).map(
    ([name, value]) => `${name}: ${encodeURIComponent(value)}\n`,
  )
  const head = lines.join('')
  if (body === undefined) return `${head}\n`
  return `${head}Content-Length: ${Buffer.byteLength(body)}\n\n${body}`
}
