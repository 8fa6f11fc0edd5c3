/** The kinds of files (contracts.md, Files) and their columns; ★ ones are required. */
export const IMPORT_KINDS = [
  'loans',
  'schedule',
  'ledger',
  'contacts',
  'consents',
  'history',
] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

type Columns = { readonly required: readonly string[]; readonly optional: readonly string[] }

export const COLUMNS: Readonly<Record<ImportKind, Columns>> = {
  loans: {
    required: ['loan_no', 'borrower_no', 'name', 'principal_outstanding', 'oldest_unpaid_due_on'],
    optional: [
      'phone',
      'email',
      'id_no',
      'product',
      'currency',
      'overdue_principal',
      'overdue_interest',
      'overdue_penalty',
      'fees',
      'disbursed_on',
      'maturity_on',
      'instalments_total',
      'instalments_paid',
      'region',
      'zone',
      'language',
      'as_of',
    ],
  },
  schedule: {
    required: ['loan_no', 'seq', 'due_on', 'principal'],
    optional: ['interest', 'fee'],
  },
  ledger: {
    required: ['event_no', 'loan_no', 'kind', 'effective_on'],
    optional: [
      'amount',
      'seq',
      'component',
      'due_on',
      'to_on',
      'reverses',
      'until_on',
      'recorded_at',
    ],
  },
  contacts: {
    required: ['borrower_no', 'relation', 'kind', 'value'],
    optional: ['name', 'source', 'consent', 'work', 'zone'],
  },
  consents: {
    required: ['borrower_no', 'kind'],
    optional: ['from', 'to', 'channel', 'given_to', 'evidence'],
  },
  history: {
    required: ['borrower_no', 'at', 'channel'],
    optional: ['direction', 'actor', 'point', 'loan_no', 'line', 'effective', 'talk'],
  },
}

/** Chinese names of columns, for every kind. */
const ALIASES: Readonly<Record<string, string>> = {
  借据号: 'loan_no',
  客户号: 'borrower_no',
  姓名: 'name',
  手机号: 'phone',
  手机: 'phone',
  邮箱: 'email',
  电子邮箱: 'email',
  身份证号: 'id_no',
  产品: 'product',
  币种: 'currency',
  剩余本金: 'principal_outstanding',
  逾期本金: 'overdue_principal',
  逾期利息: 'overdue_interest',
  罚息: 'overdue_penalty',
  费用: 'fees',
  最早逾期日: 'oldest_unpaid_due_on',
  放款日: 'disbursed_on',
  到期日: 'maturity_on',
  总期数: 'instalments_total',
  已还期数: 'instalments_paid',
  地区: 'region',
  时区: 'zone',
  语言: 'language',
  数据日期: 'as_of',
  期次: 'seq',
  应还日: 'due_on',
  本金: 'principal',
  利息: 'interest',
  事件号: 'event_no',
  类型: 'kind',
  生效日: 'effective_on',
  金额: 'amount',
  关系: 'relation',
  号码: 'value',
  来源: 'source',
  时间: 'at',
  渠道: 'channel',
}

/** Columns that hold personal data: their values are masked in rejects. */
export const PERSONAL: ReadonlySet<string> = new Set([
  'name',
  'phone',
  'email',
  'id_no',
  'value',
  'point',
])

/** Columns by which things are found: short, as they stand in indexes. */
export const IDENTIFIERS: ReadonlySet<string> = new Set([
  'loan_no',
  'borrower_no',
  'event_no',
  'reverses',
  'product',
  'region',
  'language',
])

/** The column a header cell names: English, Chinese, or with the `_minor` suffix; null when unknown. */
export function columnNamed(
  kind: ImportKind,
  header: string,
): { column: string; isMinor: boolean } | null {
  const name = header.trim().replace(/^\ufeff/, '')
  const english = ALIASES[name] ?? name.toLowerCase()
  const { required, optional } = COLUMNS[kind]
  const known = (candidate: string) => required.includes(candidate) || optional.includes(candidate)
  if (known(english)) return { column: english, isMinor: false }
  const major = english.replace(/_minor$/, '')
  return major !== english && known(major) ? { column: major, isMinor: true } : null
}
