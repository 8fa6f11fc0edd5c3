export type GrantState =
  | 'granted'
  | 'placing'
  | 'waiting'
  | 'paid'
  | 'withdrawing'
  | 'withdrawn'
  | 'owed-back'
  | 'failed'

/** What happens to a grant: its promise is not kept any more, or is again; a transfer's news. */
export type GrantNews =
  | 'promise-lost'
  | 'promise-kept'
  | 'transfer-waits'
  | 'transfer-paid'
  | 'transfer-ended'

/**
 * The state after some news; the same state when the news changes nothing. Money that has gone is never
 * called withdrawn, and what is on its way is taken back before it is.
 */
export function nextState(
  state: GrantState,
  news: GrantNews,
  { kind }: { readonly kind: 'transfer' | 'waiver' },
): GrantState {
  switch (news) {
    case 'promise-lost':
      return afterLoss(state, kind)
    case 'promise-kept':
      return afterKept(state)
    case 'transfer-waits':
      return afterWait(state)
    case 'transfer-paid':
      return afterPaid(state)
    case 'transfer-ended':
      return afterEnd(state)
  }
}

function afterLoss(state: GrantState, kind: 'transfer' | 'waiver'): GrantState {
  if (state === 'granted') return 'withdrawn'
  if (state === 'placing' || state === 'waiting') return 'withdrawing'
  // A waiver is taken back in the ledger; money is only owed.
  if (state === 'paid') return kind === 'waiver' ? 'withdrawing' : 'owed-back'
  return state
}

function afterKept(state: GrantState): GrantState {
  if (state === 'withdrawn') return 'granted'
  return state === 'owed-back' ? 'paid' : state
}

/** A call that was on its way when the grant was withdrawn arrived after all: it is taken back. */
function afterWait(state: GrantState): GrantState {
  if (state === 'withdrawn') return 'withdrawing'
  return state === 'placing' ? 'waiting' : state
}

function afterPaid(state: GrantState): GrantState {
  if (state === 'placing' || state === 'waiting') return 'paid'
  return state === 'withdrawing' || state === 'withdrawn' ? 'owed-back' : state
}

/** A transfer that failed or was cancelled moved no money: the grant may be taken again. */
function afterEnd(state: GrantState): GrantState {
  if (state === 'placing' || state === 'waiting') return 'granted'
  return state === 'withdrawing' ? 'withdrawn' : state
}
