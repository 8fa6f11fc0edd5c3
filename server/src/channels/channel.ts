import type { MessageChannel, Permit } from './permit.ts'

/** The account at a provider that messages go out through. */
export type ProviderAccount = {
  readonly accountId: string
  readonly name: string
  /** Whether the provider's terms let it carry collection content. */
  readonly collectionContent: boolean
}

/** What became of one permit's message. `unknown` counts as sent and is never sent again. */
export type SendResult =
  | {
      readonly permitId: string
      readonly fate: 'accepted'
      readonly providerMessageId: string
      readonly parts: number
      /** SHA-256 of a document that was handed over, hex: it becomes evidence. */
      readonly paper?: string
    }
  | {
      readonly permitId: string
      readonly fate: 'rejected'
      readonly code: string
      readonly detail: string
    }
  | { readonly permitId: string; readonly fate: 'unknown'; readonly detail: string }
  /** Provably never handed over, or refused for now: the attempt may be planned anew. */
  | { readonly permitId: string; readonly fate: 'not-sent'; readonly detail: string }

/** One way out. It takes permits and nothing else, so that nothing leaves without the gate. */
export type Channel = {
  readonly name: MessageChannel | 'sink'
  readonly account: ProviderAccount
  /** The most permits that may be under way at one time. */
  readonly window: number
  /** How many more it can take now, where that is less than the window; absent: the window. */
  readonly free?: () => number
  /** How many parts a text takes, so what it will cost; null when it needs too many. */
  readonly countParts: (text: string) => number | null
  /** One result for each permit, in the same order. Never throws for what a provider does. */
  readonly send: (permits: readonly Permit[]) => Promise<readonly SendResult[]>
  readonly close: () => Promise<void>
}
