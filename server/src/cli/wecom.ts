import { parseInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { replayCallbacks } from '../channels/callbacks/callback-store.ts'
import { addInterceptRule } from '../channels/wecom/calls.ts'
import { plainWords } from '../channels/wecom/plain-words.ts'
import { wecomSettings } from '../channels/wecom/wecom-settings.ts'
import { inviteToWecom } from '../conversations/index.ts'
import { toProviderRow, type World } from '../main.ts'
import { type AccountRow, listAccounts } from '../people/index.ts'
import { readPack } from '../platform/packs.ts'
import { openWecomApi } from '../wire-wecom.ts'
import { EXIT, type Io } from './io.ts'

type Of = { readonly world: World; readonly account: string }

async function findAccount({ world, account }: Of, io: Io): Promise<AccountRow | null> {
  const rows = await listAccounts(world.db)
  const found = rows.find((row) => row.adapter === 'wecom' && row.name === account)
  if (found === undefined) io.error(`there is no enabled WeCom account named ${account}`)
  return found ?? null
}

const wayShape = z.enum(['qr', 'link', 'kf'])

/** Makes a way for the borrower of a case to come to us, and prints its address. */
export async function runWecomInvite(
  asked: Of & { readonly caseId: string; readonly way: string; readonly through: string },
  io: Io,
): Promise<number> {
  const way = wayShape.safeParse(asked.way)
  if (!way.success || !/^\d+$/.test(asked.caseId)) {
    io.error('a case is a number, and --way is qr, link or kf')
    return EXIT.usage
  }
  const row = await findAccount(asked, io)
  if (row === null) return EXIT.usage
  const { db, sealer, clock } = asked.world
  const api = openWecomApi(toProviderRow(row, sealer), clock)
  const { accountId } = row
  const request = { accountId, caseId: asked.caseId, way: way.data, through: asked.through }
  const invited = await inviteToWecom({ db, api }, { ...request, at: clock.now() })
  if (!invited.ok) {
    io.error(
      invited.refusal === 'wecom.no_open_case'
        ? `case ${asked.caseId} is not open`
        : 'WeCom did not make it: look at the account’s health and at --through',
    )
    return EXIT.problems
  }
  io.out(invited.value.url)
  return EXIT.ok
}

const GUARDED = ['threat', 'insult', 'false-authority', 'fake-consequence'] as const
/** Words in one rule; the vendor's limit is 300. */
const RULE_WORDS_MAX = 300

/** Gives the forbidden words of the mainland pack to the members' own client, which then refuses to send them. */
export async function runWecomGuard(
  asked: Of & { readonly isDry: boolean },
  io: Io,
): Promise<number> {
  const row = await findAccount(asked, io)
  if (row === null) return EXIT.usage
  const { sealer, clock } = asked.world
  const { members } = wecomSettings.parse(row.settings)
  const lexicons = readPack('cn')?.lexicons ?? {}
  const api = openWecomApi(toProviderRow(row, sealer), clock)
  for (const name of GUARDED) {
    const words = plainWords(String(lexicons[name]?.['zh-CN'] ?? '')).slice(0, RULE_WORDS_MAX)
    io.out(`${name}: ${words.length} words`)
    if (asked.isDry) {
      io.out(words.join(' '))
      continue
    }
    const rule = { name: `dunlin ${name}`, words, members: Object.values(members) }
    const answer = await addInterceptRule(api, rule)
    if (answer.kind === 'ok') continue
    io.error(`${name}: ${answer.detail}`)
    return EXIT.problems
  }
  return EXIT.ok
}

/** Makes callbacks due again; a running dispatcher works them off. */
export async function runWecomReplay(
  asked: Of & { readonly since: string },
  io: Io,
): Promise<number> {
  const since = parseInstant(asked.since)
  const row = since === null ? null : await findAccount(asked, io)
  if (since === null) io.error('--since is an instant such as 2026-11-24T08:00:00+08:00')
  if (since === null || row === null) return EXIT.usage
  const count = await replayCallbacks(asked.world.db, { accountId: row.accountId, since })
  io.out(`${count} callbacks are due again`)
  return EXIT.ok
}
