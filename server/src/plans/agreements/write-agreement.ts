import { createHash } from 'node:crypto'
import { type EpochDay, formatInstant, required } from '@dunlin/kernel'
import { openPerson } from '../../loanbook/index.ts'
import type { Sql } from '../../platform/db/index.ts'
import { findPaperHash, recordPapers } from '../../platform/evidence/index.ts'
import { writePdf } from '../../platform/pdf/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Work } from '../context.ts'
import type { LockedCase } from '../find-case.ts'
import { type AgreementFacts, agreementBlocks, agreementTitle } from './agreement-text.ts'
import { findAgreement, findParties, insertAgreement } from './plan-change-store.ts'
import type { NewPlan } from './plan-store.ts'

/**
 * Writes the agreement of an offer as PDF and keeps it, sealed, under its hash, which becomes evidence: what is
 * accepted is that hash.
 */
export async function writeAgreement(
  { tx, sealer, at }: Work,
  plan: NewPlan & { readonly planId: string; readonly proposedOn: EpochDay },
  found: LockedCase,
): Promise<string> {
  const parties = required(await findParties(tx, found), 'the borrower of a plan')
  const { name } = openPerson(sealer, parties.sealedBorrower)
  const facts: AgreementFacts = {
    ...plan,
    lender: found.lender,
    name,
    loanNos: parties.loanNos,
    madeOn: plan.proposedOn,
    contactLine: found.contactLine,
    complaintLine: found.complaintLine,
  }
  const { language } = found
  const pdf = await writePdf({
    title: agreementTitle(facts, language),
    language,
    blocks: agreementBlocks(facts, language),
    footer: `${found.lender} · ${plan.planId}`,
    at,
  })
  const sha256 = createHash('sha256').update(pdf).digest()
  const sealedPdf = sealer.seal(pdf.toString('base64'))
  await insertAgreement(tx, plan, { sha256, sealedPdf, at: formatInstant(at) })
  const { borrowerId, caseId, planId: ref } = plan
  const paper = { borrowerId, caseId, kind: 'agreement-offered', ref } as const
  await recordPapers(tx, [{ ...paper, sha256: sha256.toString('hex') }], at)
  return sha256.toString('hex')
}

/** The agreement of a plan, byte for byte; throws when it is no longer what its hash says. */
export async function readAgreement(
  sql: Sql,
  sealer: Sealer,
  plan: { borrowerId: string; planId: string },
): Promise<{ pdf: Buffer; sha256: string } | null> {
  const found = await findAgreement(sql, plan)
  // What was erased is gone; its hash stays.
  if (found === null || found.sealedPdf.length === 0) return null
  const pdf = Buffer.from(sealer.open(found.sealedPdf), 'base64')
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  const { borrowerId, planId: ref } = plan
  const inLog = await findPaperHash(sql, { borrowerId, kind: 'agreement-offered', ref })
  if (sha256 !== found.sha256 || sha256 !== (inLog ?? sha256))
    throw new Error(`the agreement of plan ${ref} was changed`)
  return { pdf, sha256 }
}
