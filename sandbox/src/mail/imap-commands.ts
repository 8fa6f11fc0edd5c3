import type { Mailbox, StoredMail } from './imap-mailbox.ts'

/** One line of a client, cut into words: quoted strings without their quotes, lists as they stand. */
export function wordsOf(line: string): readonly string[] {
  const found = line.matchAll(/"((?:[^"\\]|\\.)*)"|(\([^()]*(?:\([^()]*\)[^()]*)*\))|(\S+)/g)
  return [...found].map(([whole, quoted]) => quoted?.replace(/\\(.)/g, '$1') ?? whole)
}

/** `3,5:7,9:*` as a question about numbers. */
export function rangeOf(text: string): (uid: number) => boolean {
  const spans = text.split(',').map((part) => {
    const [from = '', to = from] = part.split(':')
    return { from: Number(from), to: to === '*' ? Number.POSITIVE_INFINITY : Number(to) }
  })
  return (uid) => spans.some(({ from, to }) => uid >= from && uid <= to)
}

/** `UID SEARCH` by the two criteria that this server knows: everything, and without a keyword. */
export function search(mails: readonly StoredMail[], words: readonly string[]): readonly number[] {
  const at = words.findIndex((word) => word.toUpperCase() === 'UNKEYWORD')
  const keyword = at < 0 ? null : words[at + 1]
  return mails
    .filter(({ flags }) => keyword === null || keyword === undefined || !flags.has(keyword))
    .map(({ uid }) => uid)
}

/** One answer to `UID FETCH`: number, size, flags, and the bytes from a start on. */
export function fetched(mail: StoredMail, place: number, items: string): Buffer {
  const part = /BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?/i.exec(items)
  const head = `* ${place} FETCH (UID ${mail.uid} RFC822.SIZE ${mail.raw.length} FLAGS (${[...mail.flags].join(' ')})`
  if (part === null) return Buffer.from(`${head})\r\n`)
  const start = Number(part[1] ?? 0)
  const bytes = mail.raw.subarray(start, start + Number(part[2] ?? mail.raw.length))
  const origin = part[1] === undefined ? '' : `<${start}>`
  return Buffer.concat([
    Buffer.from(`${head} BODY[]${origin} {${bytes.length}}\r\n`),
    bytes,
    Buffer.from(')\r\n'),
  ])
}

/** `UID MOVE`: each mail gets a number in the other folder and leaves this one. */
export function move(
  mailbox: Mailbox,
  way: { readonly from: string; readonly to: string },
  isMeant: (uid: number) => boolean,
): readonly string[] {
  const lines: string[] = []
  for (const { uid, raw } of mailbox.mails(way.from).filter((mail) => isMeant(mail.uid))) {
    mailbox.append(way.to, raw)
    const place = mailbox.mails(way.from).findIndex((mail) => mail.uid === uid) + 1
    mailbox.remove(way.from, uid)
    lines.push(`* ${place} EXPUNGE`)
  }
  return lines
}
