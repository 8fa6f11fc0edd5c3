import { type EpochDay, formatLocalDate, formatMajor } from '@dunlin/kernel'
import type { PdfBlock } from '../../platform/pdf/index.ts'

// What a receipt and a settlement letter say. Pure.

type Common = {
  readonly lender: string
  readonly name: string
  readonly loanNo: string
  readonly currency: string
  readonly reference: string
  readonly madeOn: EpochDay
  readonly contactLine: string
}
export type ReceiptFacts = Common & {
  readonly eventNo: string
  readonly on: EpochDay
  readonly amountMinor: bigint
  readonly isReversed: boolean
}
export type SettlementFacts = Common & { readonly settledOn: EpochDay | null }

const CHECK = 'portal/#/verify'

export function receiptBlocks(facts: ReceiptFacts, language: string): PdfBlock[] {
  const amount = `${formatMajor(facts.amountMinor, facts.currency)} ${facts.currency}`
  const day = formatLocalDate(facts.on)
  const isEnglish = language === 'en'
  return [
    { kind: 'title', text: isEnglish ? 'Receipt' : '还款回执' },
    {
      kind: 'facts',
      rows: isEnglish
        ? [
            ['Lender', facts.lender],
            ['Paid for', facts.name],
            ['Contract', facts.loanNo],
            ['Paid on', day],
            ['Amount', amount],
            ['Payment number', facts.eventNo],
            ['Reference', facts.reference],
          ]
        : [
            ['出借机构', facts.lender],
            ['借款人', facts.name],
            ['借据号', facts.loanNo],
            ['还款日期', day],
            ['还款金额', amount],
            ['流水号', facts.eventNo],
            ['文件编号', facts.reference],
          ],
    },
    ...(facts.isReversed
      ? [
          {
            kind: 'text' as const,
            text: isEnglish ? 'This payment was later taken back.' : '该笔还款其后已被撤销。',
          },
        ]
      : []),
    checkLine(facts, isEnglish),
  ]
}

export function settlementBlocks(facts: SettlementFacts, language: string): PdfBlock[] {
  const isEnglish = language === 'en'
  const day = formatLocalDate(facts.settledOn ?? facts.madeOn)
  return [
    { kind: 'title', text: isEnglish ? 'Letter of settlement' : '结清证明' },
    {
      kind: 'text',
      text: isEnglish
        ? `We confirm that contract ${facts.loanNo} of ${facts.name} with ${facts.lender} is settled. On ${formatLocalDate(facts.madeOn)} nothing is owed under it: neither principal nor interest, penalties or fees.`
        : `兹证明：${facts.name}在${facts.lender}的借据（借据号：${facts.loanNo}）已经结清。截至${formatLocalDate(facts.madeOn)}，该借据项下本金、利息、罚息及费用均无欠付。`,
    },
    {
      kind: 'facts',
      rows: isEnglish
        ? [
            ['Settled on', day],
            ['Issued on', formatLocalDate(facts.madeOn)],
            ['Reference', facts.reference],
          ]
        : [
            ['结清日期', day],
            ['出具日期', formatLocalDate(facts.madeOn)],
            ['文件编号', facts.reference],
          ],
    },
    checkLine(facts, isEnglish),
  ]
}

function checkLine({ contactLine, reference }: Common, isEnglish: boolean): PdfBlock {
  return {
    kind: 'small',
    text: isEnglish
      ? `Anybody may check that this paper is ours: ${CHECK}, reference ${reference}. Help: ${contactLine}`
      : `任何人都可以核验本文件的真伪：在 ${CHECK} 输入文件编号 ${reference}。客服：${contactLine}`,
  }
}
