import type { Kpi, Text } from './kpi.ts'

const CASES_IN_HAND: Text = {
  zh: '期间在催的案件数',
  en: 'cases that were open on some day of the period',
}
const CALLS: Text = { zh: '拨打次数', en: 'outbound calls' }
const CONNECTED: Text = { zh: '接通次数', en: 'calls that were answered' }
const RPC: Text = {
  zh: '确认为本人的通话数（亲属不算）',
  en: 'calls in which the borrower’s identity was confirmed; relatives do not count',
}
const PROMISES: Text = { zh: '通话中作出的承诺数', en: 'promises made in calls' }
const AT_START: Text = {
  zh: '期初（起始日前一日日终）处于该账龄的借据数',
  en: 'loans in the bucket at the close of the day before the period',
}

/** Every report by name: its formula in words, exactly as it is computed. */
export const KPIS: readonly Kpi[] = [
  table('connection_rate', '接通率', 'Connection rate', CONNECTED, CALLS),
  table(
    'rpc_per_connect',
    '本人接通率（按接通）',
    'Right-party contacts per answered call',
    RPC,
    CONNECTED,
  ),
  table('rpc_per_attempt', '本人接通率（按拨打）', 'Right-party contacts per dial', RPC, CALLS),
  table('ptp_rate', '承诺率', 'Promise rate', PROMISES, RPC),
  table(
    'ptp_rate_by_account',
    '承诺率（按案件）',
    'Promise rate by account',
    { zh: '期间作出承诺的案件数', en: 'cases with a promise made in the period' },
    CASES_IN_HAND,
  ),
  table(
    'kept_rate',
    '承诺兑现率',
    'Kept rate',
    { zh: '期间判定为兑现的承诺数', en: 'promises judged kept in the period' },
    {
      zh: '期间判定为兑现、部分兑现或未兑现的承诺数（未到期的不计）',
      en: 'promises judged kept, part-kept or broken in the period; open ones are left out',
    },
  ),
  amount('kept_amount', '兑现的承诺金额', 'Amount of kept promises', {
    zh: '期间判定为兑现的承诺金额之和',
    en: 'sum of the promises judged kept in the period',
  }),
  count('in_ptp', '承诺中案件', 'Cases in promise', {
    zh: '期间到期而尚未判定的承诺数',
    en: 'promises due in the period that are still open',
  }),
  table(
    'coverage_attempt',
    '覆盖率（触达）',
    'Coverage by attempt',
    { zh: '至少触达一次的案件数', en: 'cases with at least one outbound contact' },
    CASES_IN_HAND,
  ),
  table(
    'coverage_contact',
    '覆盖率（有效沟通）',
    'Coverage by contact',
    { zh: '至少一次双向沟通的案件数', en: 'cases with at least one two-way talk' },
    CASES_IN_HAND,
  ),
  {
    ...table(
      'intensity',
      '触达强度',
      'Intensity',
      { zh: '触达次数', en: 'outbound contacts' },
      CASES_IN_HAND,
    ),
    unit: 'per-case',
  },
  table(
    'first_contact_timeliness',
    '首联及时率',
    'First-contact timeliness',
    {
      zh: '入催次日日终前首次触达的案件数',
      en: 'of these, cases first contacted by the close of the day after',
    },
    { zh: '期间新入催的案件数', en: 'cases opened in the period' },
  ),
  count('cures', '出催案件', 'Cures', {
    zh: '期间逾期金额归零的案件数',
    en: 'cases whose arrears went to zero in the period',
  }),
  table(
    'self_cure_rate',
    '自愈率',
    'Self-cure rate',
    { zh: '其中没有任何人工沟通的案件数', en: 'of these, cases without any talk with a person' },
    { zh: '期间出催的案件数', en: 'cases cured in the period' },
  ),
  table(
    'exit_rate',
    '出催率',
    'Exit rate',
    { zh: '期间出催的案件数', en: 'cases cured in the period' },
    { zh: '期间入催的案件数', en: 'cases opened in the period' },
  ),
  table(
    'fpd_rate',
    '首逾率',
    'First-payment default',
    { zh: '其中到期日未还清的首期数', en: 'of these, not cleared by their due date' },
    { zh: '期间到期的首期数', en: 'first instalments due in the period' },
  ),
  {
    ...table(
      'complaints_per_1000',
      '每千户投诉',
      'Complaints per 1,000',
      { zh: '期间收到的投诉数', en: 'complaints received in the period' },
      { zh: '期间触达过的案件数', en: 'cases contacted in the period' },
    ),
    unit: 'per-thousand',
  },
  count('refusals', '拒绝触达', 'Refusals', {
    zh: '期间被闸门拒绝的触达数',
    en: 'contacts that the gate refused in the period',
  }),
  amount('collected', '回收金额', 'Amount collected', {
    zh: '期间生效的还款（冲正的除外）',
    en: 'payments effective in the period, reversed ones left out',
  }),
  replayMoney(
    'recovery_rate',
    '催回率',
    'Recovery rate',
    {
      zh: '上述借据期间还款，每笔以期初逾期金额为限',
      en: 'what was paid on these loans in the period, each up to its arrears at the start',
    },
    { zh: '期初逾期借据的逾期金额', en: 'arrears of the loans past due at the start' },
  ),
  {
    ...replay(
      'roll_matrix',
      '滚动率',
      'Roll matrix',
      { zh: '其中期末处于另一账龄的借据数', en: 'of these, loans in the other bucket at the end' },
      AT_START,
    ),
    hasTotal: false,
  },
  replay(
    'cure_rate',
    '回正率',
    'Cure rate',
    { zh: '其中期末不再逾期的借据数', en: 'of these, loans that are current at the end' },
    AT_START,
  ),
  replay(
    'resolution_rate',
    '未恶化率',
    'Resolution rate',
    { zh: '其中期末账龄未加深的借据数', en: 'of these, loans in no worse bucket at the end' },
    AT_START,
  ),
  replayMoney(
    'flow_rate',
    '迁移率',
    'Flow rate',
    { zh: '期末 M(k+1) 的剩余应还金额', en: 'balance in M(k+1) at the end' },
    { zh: '期初 M(k) 的剩余应还金额', en: 'balance in M(k) at the start' },
  ),
  replay(
    'vintage_orders',
    '账龄曲线（按笔数）',
    'Vintage by orders',
    {
      zh: '截至期末曾在月末逾期 30 天以上的借据数',
      en: 'loans more than 30 days past due at some month end so far',
    },
    { zh: '该放款月的借据数', en: 'loans disbursed in the month' },
  ),
  replayMoney(
    'ledger_reconciliation',
    '账务核对',
    'Reconciliation to the ledger',
    { zh: '系统所存剩余应还金额', en: 'outstanding as stored; the two are equal to the cent' },
    { zh: '由账务事件重演所得剩余应还金额', en: 'outstanding replayed from the events' },
  ),
]

export function findKpi(name: string): Kpi | undefined {
  return KPIS.find((kpi) => kpi.name === name)
}

type Words = readonly [name: string, zh: string, en: string, numerator: Text, denominator: Text]

function table(...[name, zh, en, numerator, denominator]: Words): Kpi {
  const words = { name, title: { zh, en }, numerator, denominator }
  return { ...words, unit: 'ratio', sums: 'count', from: 'tables', hasTotal: true }
}

function replay(...words: Words): Kpi {
  return { ...table(...words), from: 'replay' }
}

function replayMoney(...words: Words): Kpi {
  return { ...replay(...words), sums: 'minor' }
}

function count(name: string, zh: string, en: string, numerator: Text): Kpi {
  const words = { name, title: { zh, en }, numerator, denominator: null }
  return { ...words, unit: 'count', sums: 'count', from: 'tables', hasTotal: true }
}

function amount(name: string, zh: string, en: string, numerator: Text): Kpi {
  return { ...count(name, zh, en, numerator), unit: 'minor', sums: 'minor' }
}
