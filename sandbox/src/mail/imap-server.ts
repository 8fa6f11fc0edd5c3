import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { fetched, move, rangeOf, search, wordsOf } from './imap-commands.ts'
import { createMailbox, type Mailbox } from './imap-mailbox.ts'

export type ImapMisbehaviour = {
  /** Refuses this many logins. */
  readonly refuseLoginNext: number
  /** Cuts the connection instead of giving this many mails. */
  readonly dropFetchNext: number
  /** Cuts the connection instead of marking what was taken, this many times. */
  readonly dropMarkNext: number
  /** Says OK to a mark and forgets it, this many times. */
  readonly forgetMarkNext: number
  /** Allows no keywords, as some providers do. */
  readonly isWithoutKeywords: boolean
}

const BEHAVED: ImapMisbehaviour = {
  refuseLoginNext: 0,
  dropFetchNext: 0,
  dropMarkNext: 0,
  forgetMarkNext: 0,
  isWithoutKeywords: false,
}

/** A mailbox served by IMAP on the loopback address. */
export type ImapServer = {
  readonly port: number
  readonly mailbox: Mailbox
  /** A mail arrives; whoever waits is told. */
  readonly deliver: (raw: Buffer | string) => void
  readonly misbehave: (change: Partial<ImapMisbehaviour>) => void
  /** How many mails were handed out whole or in part. */
  readonly reads: () => number
  /** Whether a client waits for news. */
  readonly isAwaited: () => boolean
  readonly close: () => Promise<void>
}

const CAPABILITIES = 'IMAP4rev1 IDLE MOVE UIDPLUS ID'
const INBOX = 'INBOX'
const LINE_CHARS_MAX = 100_000

type Post = {
  readonly password: string
  readonly mailbox: Mailbox
  readonly sessions: Set<Session>
  faults: ImapMisbehaviour
  reads: number
}
type Session = { readonly socket: Socket; folder: string | null; idleTag: string | null }

/**
 * The commands that the product's client uses, and nothing more: no literals from the client, no TLS, two search
 * criteria. It is for tests of crashes and faults; what a mail server really does is tested against Dovecot.
 */
export async function startImapServer(options: {
  readonly port: number
  readonly password: string
}): Promise<ImapServer> {
  const post: Post = {
    ...{ password: options.password, mailbox: createMailbox(), sessions: new Set() },
    ...{ faults: BEHAVED, reads: 0 },
  }
  const server = createServer((socket) => serve(post, socket))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    mailbox: post.mailbox,
    deliver: (raw) => {
      post.mailbox.append(INBOX, Buffer.from(raw))
      for (const { socket, folder, idleTag } of post.sessions) {
        if (folder !== INBOX || idleTag === null) continue
        socket.write(`* ${post.mailbox.mails(INBOX).length} EXISTS\r\n`)
      }
    },
    misbehave: (change) => {
      post.faults = { ...post.faults, ...change }
    },
    reads: () => post.reads,
    isAwaited: () => [...post.sessions].some(({ idleTag }) => idleTag !== null),
    close: async () => {
      for (const { socket } of post.sessions) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function serve(post: Post, socket: Socket): void {
  const session: Session = { socket, folder: null, idleTag: null }
  post.sessions.add(session)
  socket.on('error', () => undefined)
  socket.on('close', () => post.sessions.delete(session))
  let rest = ''
  socket.setEncoding('latin1').on('data', (data: string) => {
    const lines = `${rest}${data}`.split('\r\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARS_MAX) socket.destroy()
    for (const line of lines) if (!socket.destroyed) onLine(post, session, line)
  })
  socket.write(`* OK [CAPABILITY ${CAPABILITIES}] sandbox\r\n`)
}

function onLine(post: Post, session: Session, line: string): void {
  const { socket } = session
  if (session.idleTag !== null) {
    socket.write(`${session.idleTag} OK done\r\n`)
    session.idleTag = null
    return
  }
  const [tag = '*', ...words] = wordsOf(line)
  const isUid = words[0]?.toUpperCase() === 'UID'
  const [name = '', ...args] = isUid ? words.slice(1) : words
  const answer = answerTo(post, session, { tag, name: name.toUpperCase(), args })
  if (answer !== null && !socket.destroyed) socket.write(`${tag} ${answer}\r\n`)
}

type Command = { readonly tag: string; readonly name: string; readonly args: readonly string[] }

/** The last line of the answer, without the tag; null when nothing more is said for now. */
function answerTo(post: Post, session: Session, command: Command): string | null {
  const { socket } = session
  switch (command.name) {
    case 'CAPABILITY':
      socket.write(`* CAPABILITY ${CAPABILITIES}\r\n`)
      return 'OK'
    case 'ID':
      socket.write('* ID NIL\r\n')
      return 'OK'
    case 'LIST':
      socket.write('* LIST (\\Noselect) "/" ""\r\n')
      return 'OK'
    case 'NOOP':
      return 'OK'
    case 'LOGIN':
      return login(post, command)
    case 'CREATE':
      return create(post, command)
    case 'SELECT':
      return select(post, session, command)
    case 'IDLE':
      session.idleTag = command.tag
      socket.write('+ idling\r\n')
      return null
    case 'LOGOUT':
      socket.end('* BYE\r\n')
      return null
    default:
      return answerOfFolder(post, session, command)
  }
}

function answerOfFolder(post: Post, session: Session, command: Command): string {
  const { folder } = session
  if (folder === null) return 'BAD unknown, or no folder is open'
  switch (command.name) {
    case 'SEARCH': {
      const found = search(post.mailbox.mails(folder), command.args)
      session.socket.write(`* SEARCH ${found.join(' ')}\r\n`)
      return 'OK'
    }
    case 'FETCH':
      return fetch(post, session, command)
    case 'STORE':
    case 'MOVE':
      return mark(post, session, command)
    default:
      return 'BAD unknown'
  }
}

function login(post: Post, { args }: Command): string {
  if (take(post, 'refuseLoginNext') || args[1] !== post.password) {
    return 'NO [AUTHENTICATIONFAILED] Authentication failed.'
  }
  return 'OK'
}

function create({ mailbox }: Post, { args: [name = ''] }: Command): string {
  if (mailbox.has(name)) return 'NO [ALREADYEXISTS] there'
  mailbox.create(name)
  return 'OK'
}

function select({ mailbox, faults }: Post, session: Session, { args: [name = ''] }: Command) {
  if (!mailbox.has(name)) return 'NO [NONEXISTENT] no such folder'
  session.folder = name
  const keywords = faults.isWithoutKeywords ? '\\Seen' : '\\Seen \\*'
  session.socket.write(
    [
      `* FLAGS (\\Seen)`,
      `* OK [PERMANENTFLAGS (${keywords})]`,
      `* ${mailbox.mails(name).length} EXISTS`,
      `* OK [UIDVALIDITY ${mailbox.uidValidity(name)}]`,
      `* OK [UIDNEXT ${mailbox.uidNext(name)}]`,
      '',
    ].join('\r\n'),
  )
  return 'OK [READ-WRITE]'
}

function fetch(
  post: Post,
  { socket, folder }: Session,
  { args: [range = '', items = ''] }: Command,
) {
  if (take(post, 'dropFetchNext')) {
    socket.destroy()
    return 'BAD'
  }
  const isMeant = rangeOf(range)
  for (const [index, mail] of post.mailbox.mails(folder ?? INBOX).entries()) {
    if (!isMeant(mail.uid)) continue
    post.reads += 1
    socket.write(fetched(mail, index + 1, items))
  }
  return 'OK'
}

function mark(post: Post, { socket, folder }: Session, { name, args }: Command): string {
  if (take(post, 'dropMarkNext')) {
    socket.destroy()
    return 'BAD'
  }
  if (take(post, 'forgetMarkNext')) return 'OK'
  const isMeant = rangeOf(args[0] ?? '')
  const from = folder ?? INBOX
  if (name === 'MOVE') {
    const lines = move(post.mailbox, { from, to: args[1] ?? '' }, isMeant)
    if (lines.length > 0) socket.write(`${lines.join('\r\n')}\r\n`)
    return 'OK'
  }
  const flags = (args[2] ?? '').replace(/[()]/g, '').split(' ')
  for (const mail of post.mailbox.mails(from).filter(({ uid }) => isMeant(uid))) {
    for (const flag of flags) mail.flags.add(flag)
  }
  return 'OK'
}

type Countdown = Exclude<keyof ImapMisbehaviour, 'isWithoutKeywords'>

function take(post: Post, countdown: Countdown): boolean {
  const left = post.faults[countdown]
  if (left <= 0) return false
  post.faults = { ...post.faults, [countdown]: left - 1 }
  return true
}
