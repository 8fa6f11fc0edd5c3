import { type EpochDay, formatLocalDate, formatMajor } from '@dunlin/kernel'
import type { PdfBlock } from '../../platform/pdf/index.ts'
import type { ByComponent } from '../model/authority.ts'
import type { PlanPart } from '../model/plan-parts.ts'

/** What an agreement says: terms and parties, nothing else. */
export type AgreementFacts = {
  readonly planId: string
  readonly kind: 'postponement' | 'instalments' | 'settlement'
  readonly scope: 'arrears' | 'outstanding'
  readonly effect: 'none' | 'pause' | 'amend'
  readonly currency: string
  readonly lender: string
  readonly name: string
  readonly loanNos: readonly string[]
  readonly madeOn: EpochDay
  readonly offerUntilOn: EpochDay
  readonly owedMinor: bigint
  readonly amountMinor: bigint
  readonly interestMinor: bigint
  readonly waivedMinor: bigint
  readonly waived: ByComponent
  readonly parts: readonly PlanPart[]
  readonly graceDays: number
  readonly brokenAfterParts: number
  readonly contactLine: string
  readonly complaintLine: string
}

const ZH = {
  title: { postponement: '延期还款协议', instalments: '分期还款协议', settlement: '减免结清协议' },
  scope: { arrears: '已到期未还部分', outstanding: '全部未还部分' },
  effect: {
    none: '本协议不改变逾期天数的计算。',
    pause:
      '自本协议生效之日起，逾期天数停止增加，直至最后一期宽限期结束；违约的，停计自始撤销，逾期天数按原合同计算。',
    amend:
      '自本协议生效之日起，相关期次的应还日改为本协议约定的日期；违约的，变更自始撤销，恢复原合同的应还日。',
  },
  components: ['费用', '罚息', '利息', '本金'],
} as const
const EN = {
  title: {
    postponement: 'Agreement to postpone payment',
    instalments: 'Agreement to pay by instalments',
    settlement: 'Settlement agreement',
  },
  scope: { arrears: 'what is due and unpaid', outstanding: 'all that is outstanding' },
  effect: {
    none: 'This agreement does not change how days past due are counted.',
    pause:
      'From its acceptance days past due stand still until the grace of the last part is over. If the agreement is broken this is taken back as if it had never been, and days past due count as under the contract.',
    amend:
      'From its acceptance the instalments concerned are due on the days of this agreement. If the agreement is broken this is taken back as if it had never been, and the due dates of the contract hold again.',
  },
  components: ['Fees', 'Penalties', 'Interest', 'Principal'],
} as const

/** The agreement in the borrower's language, block by block. */
export function agreementBlocks(facts: AgreementFacts, language: string): PdfBlock[] {
  return language === 'en' ? inEnglish(facts) : inChinese(facts)
}

export function agreementTitle({ kind }: AgreementFacts, language: string): string {
  return (language === 'en' ? EN : ZH).title[kind]
}

function inChinese(facts: AgreementFacts): PdfBlock[] {
  const { amount, day } = formats(facts)
  const waived = waivedRows(facts, ZH.components)
  return [
    { kind: 'title', text: ZH.title[facts.kind] },
    {
      kind: 'facts',
      rows: [
        ['协议编号', facts.planId],
        ['债权人', facts.lender],
        ['借款人', facts.name],
        ['借据号', facts.loanNos.join('、')],
        ['制作日期', day(facts.madeOn)],
        ['接受期限', `${day(facts.offerUntilOn)}（含）`],
      ],
    },
    { kind: 'heading', text: '一、还款金额' },
    {
      kind: 'facts',
      rows: [
        ['范围', ZH.scope[facts.scope]],
        ['截至制作日应还', amount(facts.owedMinor)],
        ...waived,
        ['本协议应还合计', amount(facts.amountMinor)],
        ['其中分期利息', amount(facts.interestMinor)],
      ],
    },
    { kind: 'heading', text: '二、还款安排' },
    partsTable(facts, ['期次', '还款日', '金额', '其中分期利息']),
    { kind: 'text', text: '可以随时提前还清：尚未开始的期间不收分期利息。' },
    { kind: 'heading', text: '三、效力' },
    { kind: 'text', text: ZH.effect[facts.effect] },
    ...(facts.waivedMinor > 0n
      ? [
          {
            kind: 'text',
            text: '减免在全部应还金额按期还清之日生效；未还清的，不予减免。',
          } as const,
        ]
      : []),
    {
      kind: 'text',
      text: `每期宽限${facts.graceDays}天。宽限期满仍有${facts.brokenAfterParts}期未足额，或最后一期未足额的，本协议自次日起终止，恢复按原合同履行。`,
    },
    {
      kind: 'text',
      text: '本协议履行期间，我们只就本协议约定的期次与您联系，且不早于还款日前三天。',
    },
    { kind: 'heading', text: '四、您的权利' },
    {
      kind: 'text',
      text: `您可以不接受本协议。有困难、有异议或者要投诉，请联系：客服 ${facts.contactLine}，投诉 ${facts.complaintLine}。`,
    },
    {
      kind: 'small',
      text: '输入一次性验证码即表示接受；本文件的 SHA-256 摘要随接受记录一并保存。',
    },
  ]
}

function inEnglish(facts: AgreementFacts): PdfBlock[] {
  const { amount, day } = formats(facts)
  const waived = waivedRows(facts, EN.components)
  return [
    { kind: 'title', text: EN.title[facts.kind] },
    {
      kind: 'facts',
      rows: [
        ['Agreement', facts.planId],
        ['Creditor', facts.lender],
        ['Borrower', facts.name],
        ['Loans', facts.loanNos.join(', ')],
        ['Made on', day(facts.madeOn)],
        ['May be accepted until', `${day(facts.offerUntilOn)}, that day included`],
      ],
    },
    { kind: 'heading', text: '1. Amount' },
    {
      kind: 'facts',
      rows: [
        ['About', EN.scope[facts.scope]],
        ['Owed on the day it was made', amount(facts.owedMinor)],
        ...waived,
        ['To be paid in all', amount(facts.amountMinor)],
        ['Of which interest of the plan', amount(facts.interestMinor)],
      ],
    },
    { kind: 'heading', text: '2. Payments' },
    partsTable(facts, ['Part', 'Due on', 'Amount', 'Of which interest']),
    {
      kind: 'text',
      text: 'You may pay it off early at any time: no interest is charged for periods that have not begun.',
    },
    { kind: 'heading', text: '3. Effect' },
    { kind: 'text', text: EN.effect[facts.effect] },
    ...(facts.waivedMinor > 0n
      ? [
          {
            kind: 'text',
            text: 'What is forgiven is forgiven on the day on which all of it is paid in time; otherwise nothing is.',
          } as const,
        ]
      : []),
    {
      kind: 'text',
      text: `Each part has ${facts.graceDays} days of grace. When ${facts.brokenAfterParts} parts, or the last one, are not fully paid by the end of their grace, the agreement ends the next day and the contract holds again.`,
    },
    {
      kind: 'text',
      text: 'While it runs we contact you about its parts only, and not earlier than three days before they are due.',
    },
    { kind: 'heading', text: '4. Your rights' },
    {
      kind: 'text',
      text: `You need not accept. If paying is difficult, if you contest the debt or want to complain: help ${facts.contactLine}, complaints ${facts.complaintLine}.`,
    },
    {
      kind: 'small',
      text: 'Entering the one-time code accepts it; the SHA-256 of this document is kept with the acceptance.',
    },
  ]
}

function formats({ currency }: AgreementFacts) {
  return {
    amount: (minor: bigint): string => `${formatMajor(minor, currency)} ${currency}`,
    day: (on: EpochDay): string => formatLocalDate(on),
  }
}

function waivedRows(
  facts: AgreementFacts,
  names: readonly string[],
): (readonly [string, string])[] {
  const { amount } = formats(facts)
  return facts.waived.flatMap((minor, place): (readonly [string, string])[] =>
    minor === 0n ? [] : [[`− ${names[place] ?? ''}`, amount(minor)]],
  )
}

function partsTable(facts: AgreementFacts, head: readonly string[]): PdfBlock {
  const { amount, day } = formats(facts)
  const rows = facts.parts.map(({ dueOn, amountMinor, interestMinor }, index) => [
    String(index + 1),
    day(dueOn),
    amount(amountMinor),
    amount(interestMinor),
  ])
  return { kind: 'table', head, rows }
}
