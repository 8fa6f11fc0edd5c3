import { z } from 'zod'
import { id, localDate, minor } from './requests.ts'

// Incentives: what a kept promise may earn. Nothing is granted before two different people approved a rule.

const text = z.string().min(1).max(200)

export const sceneRequest = z.strictObject({
  /** An account of WeChat Pay. */
  account: z.string().min(1).max(100),
  /** The platform's number of the transfer scene, such as 1000. */
  scene: z.string().regex(/^\d{4}$/, 'expected the four digits of a scene'),
  /** Where the platform's written approval lies, and the hash of its file. */
  approvalReference: z.string().min(1).max(200),
  approvalSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
})

export const incentiveRuleRequest = z.strictObject({
  portfolio: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  kind: z.enum(['transfer', 'waiver']),
  /** For a transfer: the recorded scene. */
  sceneId: id.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  amountMinor: minor,
  budgetMinor: minor,
  /** Promises from this amount on; never less than the incentive itself. */
  promiseFromMinor: z.int().nonnegative().default(0),
  /** Promises made on these days. */
  fromOn: localDate,
  untilOn: localDate,
  /** The declared text: the activity, and what the borrower gets it for. Both are told as they stand. */
  activity: text,
  reward: text,
})

export const incentiveRuleResponse = z.object({
  id: z.string(),
  portfolio: z.string(),
  name: z.string(),
  kind: z.enum(['transfer', 'waiver']),
  state: z.enum(['draft', 'active', 'ended']),
  currency: z.string(),
  amountMinor: z.int(),
  budgetMinor: z.int(),
  /** What grants hold of it. */
  usedMinor: z.int(),
  activity: z.string(),
  reward: z.string(),
  fromOn: z.string(),
  untilOn: z.string(),
  approvedBy: z.array(z.string()),
})
export const incentiveRules = z.object({ items: z.array(incentiveRuleResponse) })
export const ruleStateResponse = z.object({ state: z.enum(['draft', 'active', 'ended']) })
export const ruleApprovalRequest = z.strictObject({
  /** What the approver has read. */
  reward: text,
})

export const takeRequest = z.strictObject({
  /** The borrower, as WeChat names the person to the application. */
  openid: z.string().min(1).max(128),
})
export const grantResponse = z.object({
  id: z.string(),
  ruleId: z.string(),
  promiseId: z.string(),
  kind: z.enum(['transfer', 'waiver']),
  state: z.enum([
    'granted',
    'placing',
    'waiting',
    'paid',
    'withdrawing',
    'withdrawn',
    'owed-back',
    'failed',
  ]),
  amountMinor: z.int(),
  currency: z.string(),
  activity: z.string(),
  reward: z.string(),
  failure: z.string().nullable(),
  /** For `WeixinJSBridge.invoke('requestMerchantTransfer', …)`, while it waits for the borrower. */
  confirm: z.object({ mchId: z.string(), appId: z.string(), package: z.string() }).nullable(),
})
export const grantsResponse = z.object({ items: z.array(grantResponse) })
