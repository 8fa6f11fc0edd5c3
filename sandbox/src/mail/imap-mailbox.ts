/** A mail in a folder, under the number that it keeps there. */
export type StoredMail = {
  readonly uid: number
  readonly raw: Buffer
  readonly flags: Set<string>
}

type Folder = { uidValidity: number; uidNext: number; mails: StoredMail[] }

/** The folders of one mailbox; numbers are given as RFC 9051 2.3.1.1 says, and never twice. */
export type Mailbox = {
  readonly has: (folder: string) => boolean
  readonly create: (folder: string) => void
  readonly uidValidity: (folder: string) => number
  readonly uidNext: (folder: string) => number
  readonly mails: (folder: string) => readonly StoredMail[]
  readonly append: (folder: string, raw: Buffer) => StoredMail
  readonly remove: (folder: string, uid: number) => void
  /** The folder is made anew, as after a restore: other numbers, no flags, the same mails. */
  readonly makeAnew: (folder: string) => void
}

export function createMailbox(): Mailbox {
  const folders = new Map<string, Folder>()
  let validity = 1_000
  const create = (name: string): Folder => {
    const known = folders.get(name)
    if (known !== undefined) return known
    validity += 1
    const folder: Folder = { uidValidity: validity, uidNext: 1, mails: [] }
    folders.set(name, folder)
    return folder
  }
  const append = (name: string, raw: Buffer): StoredMail => {
    const folder = create(name)
    const mail = { uid: folder.uidNext, raw, flags: new Set<string>() }
    folder.uidNext += 1
    folder.mails.push(mail)
    return mail
  }
  create('INBOX')
  return {
    has: (name) => folders.has(name),
    create: (name) => void create(name),
    uidValidity: (name) => create(name).uidValidity,
    uidNext: (name) => create(name).uidNext,
    mails: (name) => create(name).mails,
    append,
    remove: (name, uid) => {
      const folder = create(name)
      folder.mails = folder.mails.filter((mail) => mail.uid !== uid)
    },
    makeAnew: (name) => {
      const old = create(name).mails
      folders.delete(name)
      create(name).uidNext = 100
      for (const { raw } of old) append(name, raw)
    },
  }
}
