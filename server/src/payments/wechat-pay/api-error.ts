/** What an error says about the call that it answers. */
export type ErrorMeaning = 'refused' | 'not-taken' | 'unknown'

const NOT_TAKEN = new Set([
  'FREQUENCY_LIMITED',
  'FREQUENCY_LIMIT_EXCEED',
  'RATELIMIT_EXCEEDED',
  'SIGN_ERROR',
])
const UNKNOWN = new Set(['SYSTEM_ERROR', 'BANK_ERROR', 'USERPAYING'])

/**
 * `refused`: it was read and will not be done. `not-taken`: it may be made again as it is. `unknown`: whether
 * it was done must be asked.
 */
export function meaningOf(status: number, code: string): ErrorMeaning {
  if (NOT_TAKEN.has(code) || status === 429) return 'not-taken'
  if (UNKNOWN.has(code) || status >= 500 || status === 202) return 'unknown'
  return 'refused'
}

const ADVICE: Readonly<Record<string, string>> = {
  APPID_MCHID_NOT_MATCH: 'the appId is not bound to the merchant',
  FREQUENCY_LIMITED: 'too many calls: it is made again later',
  FREQUENCY_LIMIT_EXCEED: 'too many calls: it is made again later',
  INVALID_REQUEST: 'the platform refuses the request as it stands',
  NO_AUTH: 'the merchant has no permission for this product or scene',
  NOT_ENOUGH: 'the merchant’s balance, or what is left of the order, is too small',
  ORDER_NOT_EXIST: 'there is no order of that number',
  ORDERPAID: 'the order was paid already',
  OUT_TRADE_NO_USED: 'the number was used for another order',
  PARAM_ERROR: 'a field of the request is wrong',
  REQUEST_BLOCKED: 'the platform’s risk control blocks the request',
  RESOURCE_NOT_EXISTS: 'there is nothing of that number',
  RULE_LIMIT: 'a limit of the product is exceeded',
  SIGN_ERROR: 'our signature is refused: check the merchant’s certificate, serial and key',
  SYSTEM_ERROR: 'the platform failed: the outcome is asked about',
  USER_ACCOUNT_ABNORMAL: 'the user’s account cannot be paid',
}

/** A sentence for operators; the code itself when nothing better is known. */
export function adviceOf(code: string): string {
  return ADVICE[code] ?? code
}
