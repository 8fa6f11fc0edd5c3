import { formatInstant, localDay, required, zoneNamed } from '@dunlin/kernel'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { openPerson } from '../../loanbook/index.ts'
import { readAgreement } from '../../plans/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type PdfBlock, writePdf } from '../../platform/pdf/index.ts'
import type { PortalContext } from '../context.ts'
import { isSettled, type LoanDebt, readDebt } from '../debt/read-debt.ts'
import { mustOwn } from '../plans/plans.ts'
import { assertMayKnock, whoAsks } from '../serve.ts'
import type { Visitor } from '../session/session-store.ts'
import { receiptBlocks, settlementBlocks } from './papers.ts'
import { readHeld } from './read-held.ts'
import { makeReference } from './reference.ts'

const ofPlan = z.object({ id: z.string().regex(/^\d{1,18}$/) })
const ofLoan = z.object({ loanId: z.string().regex(/^\d{1,18}$/) })
const ofPayment = z.object({ loanId: z.string(), eventNo: z.string().max(200) })
const hide = { schema: { hide: true } }

/** Papers and data to keep: agreement, receipts, the letter of settlement, and everything that is held. */
export function routeDownloads(app: App, context: PortalContext): void {
  const { db, sealer, clock } = context
  app.get('/portal-api/files/agreements/:id', hide, async (request, reply) => {
    const visitor = await whoAsks(context, request)
    const plan = await mustOwn(db, visitor, ofPlan.parse(request.params).id)
    const agreement = await readAgreement(db, sealer, plan)
    if (agreement === null) throw new Problem('resource.not_found', 'there is no such agreement')
    return sendPdf(reply, `agreement-${plan.planId}`, agreement.pdf)
  })
  app.get('/portal-api/files/settlements/:loanId', hide, async (request, reply) => {
    const visitor = await whoAsks(context, request)
    const { loan } = await mustFindLoan(context, visitor, ofLoan.parse(request.params).loanId)
    if (!isSettled(loan)) throw new Problem('resource.not_found', 'this loan is not settled')
    const facts = commonOf(context, visitor, { paper: 'settlement', loan, place: '' })
    const settledOn = loan.state.closedOn
    const blocks = settlementBlocks({ ...facts, settledOn }, visitor.language)
    return sendPdf(
      reply,
      `settlement-${loan.ledger.loanNo}`,
      await print(context, { ...facts, language: visitor.language }, blocks),
    )
  })
  app.get('/portal-api/files/receipts/:loanId/:eventNo', hide, async (request, reply) => {
    const visitor = await whoAsks(context, request)
    const { loanId, eventNo } = ofPayment.parse(request.params)
    const { loan } = await mustFindLoan(context, visitor, loanId)
    const index = loan.payments.findIndex((each) => each.eventNo === eventNo)
    const payment = loan.payments[index]
    if (payment === undefined) throw new Problem('resource.not_found', 'there is no such payment')
    const place = `.${loan.payments.length - index}`
    const facts = commonOf(context, visitor, { paper: 'receipt', loan, place })
    const blocks = receiptBlocks({ ...facts, ...payment }, visitor.language)
    return sendPdf(
      reply,
      `receipt-${eventNo}`,
      await print(context, { ...facts, language: visitor.language }, blocks),
    )
  })
  app.get('/portal-api/files/data', hide, async (request, reply) => {
    const visitor = await whoAsks(context, request)
    const { borrowerId, caseId } = visitor
    await assertMayKnock(context, { door: 'data', from: `borrower ${borrowerId}` })
    const at = formatInstant(clock.now())
    const held = await readHeld(db, sealer, borrowerId)
    await db.transaction((tx) =>
      insertAudit(tx, {
        ...{ actor: `borrower ${borrowerId}`, action: 'GET /portal-api/files/data' },
        ...{ subject: `case ${caseId}`, detail: {}, at },
      }),
    )
    return named(reply, 'my-data.json')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ at, person: sealedJson(context, visitor), held }, null, 2))
  })
}

function sealedJson({ sealer }: PortalContext, { sealedPerson }: Visitor): unknown {
  return JSON.parse(sealer.open(sealedPerson))
}

async function mustFindLoan(
  { db, clock }: PortalContext,
  visitor: Visitor,
  loanId: string,
): Promise<{ loan: LoanDebt }> {
  const { loans } = await readDebt(db, visitor, clock.now())
  const loan = loans.find(({ ledger }) => ledger.loanId === loanId)
  if (loan === undefined) throw new Problem('resource.not_found', 'there is no such loan')
  return { loan }
}

function commonOf(
  { sealer, clock }: PortalContext,
  visitor: Visitor,
  { paper, loan, place }: { paper: 'receipt' | 'settlement'; loan: LoanDebt; place: string },
) {
  const { lender, currency, contactLine, portfolioId, zone, sealedPerson } = visitor
  const { loanId, loanNo } = loan.ledger
  return {
    ...{ lender, currency, contactLine, loanNo },
    name: openPerson(sealer, sealedPerson).name,
    madeOn: localDay(required(zoneNamed(zone), `zone ${zone}`), clock.now()),
    reference: makeReference(sealer, { paper, portfolioId, number: `${loanId}${place}` }),
  }
}

function print(
  { clock }: PortalContext,
  { lender, reference, language }: { lender: string; reference: string; language: string },
  blocks: readonly PdfBlock[],
): Promise<Buffer> {
  const footer = `${lender} · ${reference}`
  return writePdf({ title: reference, language, blocks, footer, at: clock.now() })
}

function sendPdf(reply: FastifyReply, name: string, pdf: Buffer): FastifyReply {
  return named(reply, `${name}.pdf`).type('application/pdf').send(pdf)
}

function named(reply: FastifyReply, name: string): FastifyReply {
  const plain = name.replace(/[^\w.-]/g, '_')
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${plain}"`)
}
