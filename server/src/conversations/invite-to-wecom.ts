import { randomBytes } from 'node:crypto'
import { type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { ApiAnswer, WecomApi } from '../channels/wecom/api-client.ts'
import { addContactWay, addKfLink, createAcquisitionLink } from '../channels/wecom/calls.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Database } from '../platform/db/index.ts'
import { completeInvite, findOpenCase, insertInvite } from './wecom-contact-store.ts'

export type InviteRequest = {
  readonly accountId: string
  readonly caseId: string
  readonly way: 'qr' | 'link' | 'kf'
  /** The member, or for `kf` the customer-service account. */
  readonly through: string
  readonly at: Instant
}

export type InviteRefusal = 'wecom.no_open_case' | 'wecom.not_made'

/** 18 bytes are 24 characters: a contact way's state has room for 30. */
const TOKEN_BYTES = 18

/**
 * Makes a way by which one borrower can come to us: a code, an acquisition link or a customer-service link.
 * It carries a random token and no fact about the debt. Sending it to the borrower is a contact of its own,
 * under the gate like any other.
 */
export async function inviteToWecom(
  { db, api }: { readonly db: Database; readonly api: WecomApi },
  request: InviteRequest,
): Promise<Result<{ readonly url: string; readonly inviteId: string }, InviteRefusal>> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const inviteId = await db.transaction(async (tx) => {
    const of = await findOpenCase(tx, request.caseId)
    if (of === null) return null
    await lockBorrowers(tx, [of.borrowerId])
    return insertInvite(tx, { ...request, ...of, token, userid: request.through })
  })
  if (inviteId === null) return refused('wecom.no_open_case')
  const made = await makeWay(api, request, token)
  if (made === null) return refused('wecom.not_made')
  await db.transaction((tx) => completeInvite(tx, inviteId, made))
  return ok({ url: made.url, inviteId })
}

type Way = { readonly url: string; readonly configId: string | null }

async function makeWay(
  api: WecomApi,
  { way, through }: InviteRequest,
  token: string,
): Promise<Way | null> {
  switch (way) {
    case 'qr':
      return wayOf(await addContactWay(api, { userid: through, state: token }), (value) => ({
        url: value.qr_code,
        configId: value.config_id,
      }))
    case 'link':
      return wayOf(await createAcquisitionLink(api, { name: token, userid: through }), (value) => ({
        url: withParameter(value.link.url, 'customer_channel', token),
        configId: value.link.link_id,
      }))
    case 'kf':
      return wayOf(await addKfLink(api, through), (value) => ({
        url: withParameter(value.url, 'scene_param', token),
        configId: null,
      }))
  }
}

function wayOf<T>(answer: ApiAnswer<T>, read: (value: T) => Way): Way | null {
  return answer.kind === 'ok' ? read(answer.value) : null
}

function withParameter(link: string, name: string, value: string): string {
  const url = new URL(link)
  url.searchParams.set(name, value)
  return url.href
}
