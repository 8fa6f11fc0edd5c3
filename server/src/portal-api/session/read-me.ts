import { PORTAL } from '@dunlin/contract'
import { formatLocalDate, localDay, required, zoneNamed } from '@dunlin/kernel'
import { openPerson } from '../../loanbook/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { serveRead } from '../serve.ts'

export function routeMe(app: App, context: PortalContext): void {
  serveRead({ app, context }, PORTAL.readMe, async ({ visitor, at }) => {
    const { lender, contactLine, complaintLine, zone, sealedPerson } = visitor
    const { name } = openPerson(context.sealer, sealedPerson)
    const today = localDay(required(zoneNamed(zone), `zone ${zone}`), at)
    const lines = { lender, contactLine, complaintLine }
    return { name, ...lines, isDemo: context.isDemo, today: formatLocalDate(today) }
  })
}
