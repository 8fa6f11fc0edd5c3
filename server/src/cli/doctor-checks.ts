/** What one look found. A `warning` runs on; a `problem` stops something from working. */
export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What to do; empty when nothing is to be done. */
  readonly advice: string
}

const GIB = 1024 ** 3
const DISK_PROBLEM_GIB = 1
const DISK_WARNING_GIB = 5
const SKEW_WARNING_MS = 1_000
const SKEW_PROBLEM_MS = 60_000
const SERVER_VERSION_MIN = 16

/** Room left where keys, rejects, evidence and the embedded database lie. */
export function judgeDisk(freeBytes: number, folder: string): Finding {
  const gib = freeBytes / GIB
  const detail = `${gib.toFixed(1)} GiB free in ${folder}`
  const advice = 'make room or move DUNLIN_HOME: a full disk stops imports and the database'
  if (gib < DISK_PROBLEM_GIB) return { check: 'disk', state: 'problem', detail, advice }
  if (gib < DISK_WARNING_GIB) return { check: 'disk', state: 'warning', detail, advice }
  return { check: 'disk', state: 'ok', detail, advice: '' }
}

/** A key that others on the machine may read is no secret; one that is missing is made at the next start. */
export function judgeKey(name: string, file: { path: string; mode: number | null }): Finding {
  const check = `key ${name}`
  if (file.mode === null) {
    const detail = `${file.path} is missing`
    const advice =
      'with a book in the database, put it back from the backup before anything else: without it sealed records cannot be read'
    return { check, state: 'problem', detail, advice }
  }
  const others = file.mode & 0o077
  return others === 0
    ? { check, state: 'ok', detail: `${file.path} is readable by its owner alone`, advice: '' }
    : {
        ...{ check, state: 'problem', advice: `chmod 600 ${file.path}` },
        detail: `${file.path} is readable by others (${(file.mode & 0o777).toString(8)})`,
      }
}

/** Quiet hours, permits and signatures of providers rest on the clock. */
export function judgeClock(skewMs: number): Finding {
  const detail = `this machine and the database differ by ${(Math.abs(skewMs) / 1000).toFixed(1)} s`
  const advice = 'keep both by NTP: contact hours, permits and signatures of providers rest on it'
  const size = Math.abs(skewMs)
  if (size > SKEW_PROBLEM_MS) return { check: 'clock', state: 'problem', detail, advice }
  if (size > SKEW_WARNING_MS) return { check: 'clock', state: 'warning', detail, advice }
  return { check: 'clock', state: 'ok', detail, advice: '' }
}

export function judgeServer(version: string): Finding {
  const isOld = !(Number.parseInt(version, 10) >= SERVER_VERSION_MIN)
  return {
    check: 'database',
    state: isOld ? 'problem' : 'ok',
    detail: `PostgreSQL ${version}`,
    advice: isOld ? `use PostgreSQL ${SERVER_VERSION_MIN} or later` : '',
  }
}

export type AccountLook = {
  readonly name: string
  readonly adapter: string
  readonly isStopped: boolean
  /** Null where an account cannot be tried without sending. */
  readonly probe: { readonly isOk: boolean; readonly detail: string } | null
  /** Why it could not be opened; null when it could. */
  readonly failure: string | null
}

export function judgeAccount(look: AccountLook): Finding {
  const check = `account ${look.name}`
  if (look.failure !== null) {
    const advice = 'correct its settings or secrets with `dunlin apply`'
    return { check, state: 'problem', detail: `${look.adapter}: ${look.failure}`, advice }
  }
  if (look.probe !== null && !look.probe.isOk) {
    const advice = adviceOf(look.adapter, look.probe.detail)
    return { check, state: 'problem', detail: `${look.adapter}: ${look.probe.detail}`, advice }
  }
  if (look.isStopped) {
    const advice = `POST /api/v1/providers/${look.name}/resume ends the stop`
    return { check, state: 'warning', detail: 'stopped by a person: nothing goes out', advice }
  }
  const detail = look.probe === null ? 'opened; not tried' : look.probe.detail
  return { check, state: 'ok', detail: `${look.adapter}: ${detail}`, advice: '' }
}

function adviceOf(adapter: string, detail: string): string {
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|within connectWaitMs/.test(detail)) {
    return 'check host, port and firewall; carriers also list the addresses that may connect'
  }
  if (/status 0x0e|status 3|EAUTH|535|AUTHENTICATIONFAILED|secret/i.test(detail)) {
    return 'the provider refuses the password: correct `secrets` and run `dunlin apply`'
  }
  return `see docs/guide/providers.md for ${adapter}, and the provider's own log of this account`
}
