import { PORTAL } from '@dunlin/contract'
import type { App } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { readReference } from '../files/reference.ts'
import { digitsOf, kindOf } from '../model/claimed-sender.ts'
import { serveOpen } from '../serve.ts'
import {
  findLender,
  findOwnAddress,
  findOwnLine,
  findOwnSender,
  type Ours,
} from './verify-store.ts'

const NOT_OURS = {
  ...{ isOurs: false, kind: null, lender: null, contactLine: null, complaintLine: null },
} as const

/** Whether a number, address or letter is ours. Reads settings of ours only: nothing in it is about a person. */
export function routeVerify(app: App, context: PortalContext): void {
  serveOpen({ app, context, door: 'verify' }, PORTAL.verify, async ({ body }) => {
    const kind = kindOf(body.value)
    const found = kind === null ? null : await find(context, kind, body.value)
    return found === null ? NOT_OURS : { isOurs: true, kind, ...found }
  })
}

async function find(
  { db, sealer }: PortalContext,
  kind: NonNullable<ReturnType<typeof kindOf>>,
  value: string,
): Promise<Ours | null> {
  switch (kind) {
    case 'email':
      return findOwnAddress(db, value.toLowerCase())
    case 'letter': {
      const reference = readReference(sealer, value)
      return reference === null ? null : findLender(db, reference.portfolioId)
    }
    case 'sender':
      return findOwnSender(db, digitsOf(value))
    case 'phone':
      return (await findOwnLine(db, digitsOf(value))) ?? findOwnSender(db, digitsOf(value))
  }
}
