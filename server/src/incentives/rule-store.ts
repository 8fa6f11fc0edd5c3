import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of scenes and rules.

export type NewRule = {
  readonly portfolio: string
  readonly name: string
  readonly kind: 'transfer' | 'waiver'
  readonly sceneId: string | null
  readonly currency: string
  readonly amountMinor: bigint
  readonly budgetMinor: bigint
  readonly promiseFromMinor: bigint
  readonly fromOn: string
  readonly untilOn: string
  readonly activity: string
  readonly reward: string
  readonly proposedBy: string
}

/** Records a scene's approval; null when the account is no enabled one of WeChat Pay, or has it already. */
export async function insertScene(
  tx: Tx,
  scene: {
    account: string
    scene: string
    reference: string
    sha256: string
    by: string
    at: Instant
  },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into incentive_scene (provider_account_id, scene, approval_reference, approval_sha256, recorded_by, recorded_at)
     select provider_account_id, $2, $3, $4, $5, $6 from provider_account
     where name = $1 and adapter = 'wechat-pay' and is_enabled
     on conflict (provider_account_id, scene) do nothing returning incentive_scene_id as id`,
    [scene.account, scene.scene, scene.reference, scene.sha256, scene.by, formatInstant(scene.at)],
  )
  return row?.id ?? null
}

/** Stores a rule as a draft; null when its portfolio or scene is unknown, or the name is taken. */
export async function insertRule(tx: Tx, rule: NewRule, at: Instant): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into incentive_rule (portfolio_id, name, kind, incentive_scene_id, currency, amount_minor, budget_minor,
       promise_from_minor, from_on, until_on, activity, reward, proposed_by, made_at)
     select portfolio_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from portfolio
     where name = $1 and currency = $5
       and ($4::bigint is null or exists (select 1 from incentive_scene where incentive_scene_id = $4))
     on conflict (portfolio_id, name) do nothing returning incentive_rule_id as id`,
    [
      rule.portfolio,
      rule.name,
      rule.kind,
      rule.sceneId,
      rule.currency,
      rule.amountMinor,
      rule.budgetMinor,
      rule.promiseFromMinor,
      rule.fromOn,
      rule.untilOn,
      rule.activity,
      rule.reward,
      rule.proposedBy,
      formatInstant(at),
    ],
  )
  return row?.id ?? null
}

export type RuleRow = {
  readonly id: string
  readonly portfolio: string
  readonly name: string
  readonly kind: 'transfer' | 'waiver'
  readonly state: 'draft' | 'active' | 'ended'
  readonly currency: string
  readonly amountMinor: number
  readonly budgetMinor: number
  readonly usedMinor: number
  readonly activity: string
  readonly reward: string
  readonly fromOn: string
  readonly untilOn: string
  readonly approvedBy: readonly string[]
}

/** What grants of a rule hold of its budget: all but those that moved no money and never will. */
const USED = `(select coalesce(sum(amount_minor), 0)::bigint from incentive_grant g
  where g.incentive_rule_id = r.incentive_rule_id and g.state not in ('withdrawn', 'failed'))`

export async function listRules(sql: Sql): Promise<RuleRow[]> {
  const rows = await sql.query<{
    id: string
    portfolio: string
    name: string
    kind: RuleRow['kind']
    state: RuleRow['state']
    currency: string
    amount: string
    budget: string
    used: string
    activity: string
    reward: string
    from_on: string
    until_on: string
    approved_by: string[]
  }>(
    `select r.incentive_rule_id as id, p.name as portfolio, r.name, r.kind, r.state, r.currency, r.amount_minor as amount,
       r.budget_minor as budget, ${USED} as used, r.activity, r.reward, r.from_on, r.until_on,
       array(select approved_by from incentive_approval a where a.incentive_rule_id = r.incentive_rule_id order by approved_at)
         as approved_by
     from incentive_rule r join portfolio p using (portfolio_id) order by r.incentive_rule_id`,
  )
  return rows.map((row) => ({
    ...{ id: row.id, portfolio: row.portfolio, name: row.name, kind: row.kind, state: row.state },
    ...{ currency: row.currency, activity: row.activity, reward: row.reward },
    ...{ fromOn: row.from_on, untilOn: row.until_on, approvedBy: row.approved_by },
    amountMinor: Number(row.amount),
    budgetMinor: Number(row.budget),
    usedMinor: Number(row.used),
  }))
}

/** The state of a rule, which nobody else changes until the transaction ends; null when there is none. */
export async function lockRule(tx: Tx, ruleId: string): Promise<RuleRow['state'] | null> {
  const [row] = await tx.query<{ state: RuleRow['state'] }>(
    'select state from incentive_rule where incentive_rule_id = $1 for update',
    [ruleId],
  )
  return row?.state ?? null
}

/** Notes an approval; how many different people have approved now. The same person counts once. */
export async function insertApproval(
  tx: Tx,
  { ruleId, by, at }: { ruleId: string; by: string; at: Instant },
): Promise<{ isNew: boolean; count: number }> {
  const added = await tx.run(
    `insert into incentive_approval (incentive_rule_id, approved_by, approved_at) values ($1, $2, $3)
     on conflict do nothing`,
    [ruleId, by, formatInstant(at)],
  )
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::integer as count from incentive_approval where incentive_rule_id = $1',
    [ruleId],
  )
  return { isNew: added === 1, count: row?.count ?? 0 }
}

export async function setRuleState(tx: Tx, ruleId: string, state: RuleRow['state']): Promise<void> {
  await tx.run('update incentive_rule set state = $2 where incentive_rule_id = $1', [ruleId, state])
}

/** Active rules that a promise falls under, best first. */
export async function listRulesFor(
  tx: Tx,
  promise: { borrowerId: string; promiseId: string },
): Promise<{ ruleId: string; kind: 'transfer' | 'waiver'; caseId: string }[]> {
  const rows = await tx.query<{ id: string; kind: 'transfer' | 'waiver'; case_id: string }>(
    `select r.incentive_rule_id as id, r.kind, m.case_id from promise m
     join collection_case c using (borrower_id, case_id)
     join incentive_rule r on r.portfolio_id = c.portfolio_id and r.currency = m.currency
     where m.borrower_id = $1 and m.promise_id = $2 and r.state = 'active' and m.amount_minor >= r.promise_from_minor
       and m.amount_minor >= r.amount_minor and m.made_on between r.from_on and r.until_on
     order by r.amount_minor desc, r.incentive_rule_id`,
    [promise.borrowerId, promise.promiseId],
  )
  return rows.map((row) => ({ ruleId: row.id, kind: row.kind, caseId: row.case_id }))
}

/** What is left of a rule's budget, and what one grant costs; the rule's lock is held until the transaction ends. */
export async function lockBudget(
  tx: Tx,
  ruleId: string,
): Promise<{ amountMinor: bigint; leftMinor: bigint; currency: string }> {
  // The lock first: a sum read in the statement that waits for it would not see what the other side wrote.
  await lockRule(tx, ruleId)
  const [row] = await tx.query<{ amount: string; left: string; currency: string }>(
    `select r.amount_minor as amount, r.budget_minor - ${USED} as left, r.currency from incentive_rule r
     where r.incentive_rule_id = $1 and r.state = 'active'`,
    [ruleId],
  )
  return {
    amountMinor: BigInt(row?.amount ?? '0'),
    leftMinor: BigInt(row?.left ?? '-1'),
    currency: row?.currency ?? '',
  }
}
