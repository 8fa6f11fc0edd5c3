/** What an answer with an error code asks of us. */
export type ErrorMeaning =
  /** The token is no longer good: fetch one and call again, once. */
  | 'token'
  /** Too busy to take it. */
  | 'busy'
  /** Blocked for rate: this API rests. */
  | 'rate'
  /** The account is set up wrongly; nothing will go until a person mends it. */
  | 'set-up'
  /** This one call is not possible. */
  | 'refused'

const MEANING_OF: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [-1, 'busy'],
  [40014, 'token'],
  [42001, 'token'],
  [45009, 'rate'],
  [45033, 'rate'],
  [40001, 'set-up'],
  [40013, 'set-up'],
  [41001, 'set-up'],
  [48002, 'set-up'],
  [60011, 'set-up'],
  [60020, 'set-up'],
  [301002, 'set-up'],
])

/** The codes that a person can do something about, and what. */
const ADVICE: ReadonlyMap<number, string> = new Map([
  [40001, 'the secret is wrong: take it anew from the application’s page'],
  [40013, 'the corp id is wrong'],
  [41051, 'the customer has begun to talk, or another application has welcomed already'],
  [48002, 'the application may not call this API: allow it under customer contact'],
  [60011, 'the member is outside the application’s range: add the member'],
  [60020, 'our address is not among the application’s trusted addresses: add it'],
  [84061, 'the member and the customer are no contacts'],
  [95000, 'there is no such customer-service account'],
  [95001, 'outside 48 hours after the customer’s last message, or five messages were sent'],
  [95013, 'the conversation has ended'],
  [95018, 'a person serves this conversation: answer in the client, or hand it back'],
  [301002, 'the member is outside the application’s range: add the member'],
])

/** The vendor says to branch on the code alone. */
export function meaningOf(code: number): ErrorMeaning {
  return MEANING_OF.get(code) ?? 'refused'
}

/** Words for people; the vendor's own text carries addresses and is not passed on. */
export function adviceOf(code: number): string {
  return ADVICE.get(code) ?? `the vendor answered ${code}`
}
