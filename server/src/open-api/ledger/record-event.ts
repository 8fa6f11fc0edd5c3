import { type LedgerEventRequest, ledgerEventRequest, ledgerEventResponse } from '@dunlin/contract'
import { formatLocalDate, type Instant } from '@dunlin/kernel'
import { type LedgerEvent, parseLedgerEvent, recordLedgerEvents } from '../../loanbook/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Reactions } from '../../platform/events/index.ts'
import { type Answer, type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { listLoansNumbered } from '../open-api-store.ts'

type Recorded = ReturnType<typeof ledgerEventResponse.parse>

/** `POST /api/v1/ledger-events`: a payment cures the case and cancels what was planned before this answers. */
export function routeRecordEvent(app: App, context: ApiContext): void {
  const schema = {
    tags: ['ledger'],
    summary: 'Record one event of a loan',
    body: ledgerEventRequest,
    response: { 200: ledgerEventResponse, 201: ledgerEventResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: [
      'ledger.unknown_loan',
      'ledger.ambiguous_loan',
      'ledger.currency_mismatch',
      'ledger.event_conflict',
      'ledger.invalid_event',
    ],
  } as const
  app.post('/api/v1/ledger-events', { schema, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: ledgerEventResponse,
      work: (tx, at) => recordEvent(tx, request.body, { ...context, at, source: 'api' }),
    })
    return reply.status(answer.status).send(answer.body)
  })
}

/** Records one event as the API and the payment callback do; throws the problem of one that cannot be. */
export async function recordEvent(
  tx: Tx,
  body: LedgerEventRequest,
  { reactions, at, source }: { reactions: Reactions; at: Instant; source: string },
): Promise<Answer<Recorded>> {
  const portfolio = await portfolioOf(tx, body)
  const event = toEvent(body)
  const { loanNo } = body
  const given = { tx, reactions, portfolio, loanNo, events: [event], source, at }
  const recorded = await recordLedgerEvents(given)
  if (!recorded.ok) {
    const { code, detail } = recorded.refusal
    throw new Problem(code, detail, code === 'ledger.event_conflict' ? 'eventNo' : 'loanNo')
  }
  const { loanId, borrowerId, asOf } = recorded.value
  const isNew = recorded.value.recorded > 0
  return {
    status: isNew ? 201 : 200,
    body: { loanId, borrowerId, eventNo: event.id, recorded: isNew, asOf: formatLocalDate(asOf) },
  }
}

/** The event in the ledger's own form; a problem names the request's field. */
function toEvent(body: LedgerEventRequest): LedgerEvent {
  const { loanNo: _loan, portfolio: _portfolio, currency: _currency, eventNo, ...rest } = body
  const parsed = parseLedgerEvent({ ...rest, id: eventNo })
  if (parsed.ok) return parsed.value
  const { detail, field } = parsed.refusal
  throw new Problem('ledger.invalid_event', detail, field === 'id' ? 'eventNo' : field)
}

async function portfolioOf(tx: Tx, body: LedgerEventRequest): Promise<string> {
  const { loanNo, portfolio, currency } = body
  const [loan, other] = await listLoansNumbered(tx, { loanNo, portfolio: portfolio ?? null })
  if (loan === undefined)
    throw new Problem(
      'ledger.unknown_loan',
      portfolio === undefined
        ? `there is no loan ${loanNo}`
        : `portfolio ${portfolio} has no loan ${loanNo}`,
      'loanNo',
    )
  if (other !== undefined)
    throw new Problem(
      'ledger.ambiguous_loan',
      `several portfolios have a loan ${loanNo}: name one`,
      'portfolio',
    )
  if (currency !== undefined && currency !== loan.currency)
    throw new Problem(
      'ledger.currency_mismatch',
      `loan ${loanNo} is in ${loan.currency}`,
      'currency',
    )
  return loan.portfolio
}
