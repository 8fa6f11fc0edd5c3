import { ledgerEventRequest } from '@dunlin/contract'
import { formatLocalDate, required } from '@dunlin/kernel'
import { type LedgerEvent, parseLedgerEvent, recordLedgerEvents } from '../../loanbook/index.ts'
import { type App, onceByKey, Problem } from '../../platform/http/index.ts'
import { type ApiContext, authorise, idempotencyKey } from '../context.ts'
import { findPortfolioOfLoan } from '../open-api-store.ts'

type Request = ReturnType<typeof ledgerEventRequest.parse>

/** `POST /api/v1/ledger-events`: a payment cures the case and cancels what was planned before this answers. */
export function routeRecordEvent(app: App, context: ApiContext): void {
  const schema = {
    tags: ['ledger'],
    summary: 'Record one event of a loan',
    body: ledgerEventRequest,
  }
  app.post('/api/v1/ledger-events', { schema }, async (request, reply) => {
    const caller = await authorise(context, request, 'write')
    const given = {
      key: idempotencyKey(request),
      caller,
      request: request.body,
      at: context.clock.now(),
    }
    const answer = await onceByKey(context.db, given, () =>
      recordEvent(context, request.body, 'api'),
    )
    return reply.status(answer.status).send(answer.body)
  })
}

/** Records one event as the API and the payment callback do. */
async function recordEvent(
  { db, reactions, clock }: ApiContext,
  body: Request,
  source: string,
): Promise<{ status: number; body: unknown }> {
  const portfolio = body.portfolio ?? (await portfolioOf(db, body.loanNo))
  const event = toEvent(body)
  return db.transaction(async (tx) => {
    const recorded = await recordLedgerEvents({
      tx,
      reactions,
      portfolio,
      loanNo: body.loanNo,
      events: [event],
      source,
      at: clock.now(),
    })
    if (!recorded.ok)
      throw new Problem(
        recorded.refusal.code,
        recorded.refusal.detail,
        fieldOf(recorded.refusal.code),
      )
    const { loanId, borrowerId, asOf } = recorded.value
    const isNew = recorded.value.recorded > 0
    return {
      status: isNew ? 201 : 200,
      body: { loanId, borrowerId, eventNo: event.id, recorded: isNew, asOf: formatLocalDate(asOf) },
    }
  })
}

function toEvent(body: Request): LedgerEvent {
  const { loanNo: _loan, portfolio: _portfolio, currency: _currency, eventNo, ...rest } = body
  const parsed = parseLedgerEvent({ ...rest, id: eventNo })
  if (parsed.ok) return parsed.value
  throw new Problem('ledger.invalid_event', parsed.refusal.detail, parsed.refusal.field)
}

async function portfolioOf(db: ApiContext['db'], loanNo: string): Promise<string> {
  const names = await findPortfolioOfLoan(db, loanNo)
  if (names.length > 1) {
    throw new Problem(
      'ledger.ambiguous_loan',
      `several portfolios have a loan ${loanNo}: name one`,
      'portfolio',
    )
  }
  if (names.length === 0)
    throw new Problem('ledger.unknown_loan', `there is no loan ${loanNo}`, 'loanNo')
  return required(names[0], 'portfolio')
}

function fieldOf(code: string): string {
  return code === 'ledger.event_conflict' ? 'eventNo' : 'loanNo'
}
