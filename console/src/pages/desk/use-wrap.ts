import { dayAfter, formatMoney } from '@dunlin/ui'
import { useState } from 'react'
import { useChange } from '../../api/client.ts'
import { type DeskKey, useDeskTexts } from './desk-texts.ts'
import { useDeskWord } from './desk-words.ts'
import type { DelayReason, Outcome, Talk } from './outcomes.ts'
import { nextAsked } from './passed-over.ts'
import { CASE, type Desk } from './use-desk.ts'

/** How far a promise is: its terms are open, are being read back, or were confirmed. */
type ReadBack = 'open' | 'shown' | 'confirmed'
type Terms = { readonly amount: string; readonly dueOn: string; readonly readBack: ReadBack }

type Draft = {
  readonly outcome: Outcome | null
  readonly talk: Talk | null
  readonly delayReason: DelayReason | null
  readonly said: readonly string[]
  /** Null while the drafted note stands. */
  readonly note: string | null
  readonly terms: Terms | null
}
const EMPTY: Draft = {
  outcome: null,
  talk: null,
  delayReason: null,
  said: [],
  note: null,
  terms: null,
}

const PROMISED_DAYS = 3

export type Wrap = ReturnType<typeof useWrap>

/** What comes of a call, from the first key to the next case; drafts belong to one case and end with it. */
export function useWrap(desk: Desk) {
  const say = useDeskTexts()
  const word = useDeskWord()
  const change = useChange('POST /console-api/desk/cases/:caseId/wrap', [CASE])
  const [kept, setKept] = useState({ caseId: desk.caseId, draft: EMPTY })
  const draft = kept.caseId === desk.caseId ? kept.draft : EMPTY
  const set = (part: Partial<Draft>): void =>
    setKept({ caseId: desk.caseId, draft: { ...draft, ...part } })
  const { data } = desk
  const drafted = draftNote({ draft, desk, say, word })
  const note = draft.note ?? drafted
  const reason = whyNot({ draft, desk, say })
  const choose = (outcome: Outcome): void =>
    set({
      outcome,
      talk: outcome.talk ?? null,
      terms: outcome.talk === 'promised' ? (draft.terms ?? termsOf(desk)) : null,
    })
  const save = (): void => {
    const { openCall } = data
    const { outcome } = draft
    if (reason !== null || outcome === null || openCall === null || change.isPending) return
    const body = { attemptId: openCall.attemptId, ...fieldsOf(draft, outcome, note) }
    const onSuccess = ({ nextCaseId }: { nextCaseId: string | null }): void => {
      setKept({ caseId: desk.caseId, draft: EMPTY })
      desk.goTo(nextCaseId)
    }
    change.mutate({ params: { caseId: desk.caseId }, body }, { onSuccess })
  }
  /** Enter: shows the promise to be read back, takes the yes, and then wraps up. */
  const advance = (): void => {
    const { terms } = draft
    if (terms === null || terms.readBack === 'confirmed' || minorOf(terms.amount) <= 0) save()
    else set({ terms: { ...terms, readBack: terms.readBack === 'open' ? 'shown' : 'confirmed' } })
  }
  const tickNext = (): void => {
    const line = data.script.lines.find(({ key, must }) => must && !draft.said.includes(key))
    if (line !== undefined) set({ said: [...draft.said, line.key] })
  }
  return { draft, set, choose, advance, save, tickNext, note, reason, change }
}

type Given = {
  readonly draft: Draft
  readonly desk: Desk
  readonly say: (key: DeskKey, values?: Record<string, string | number>) => string
}

/** Why it cannot be wrapped up now; null: it can. */
function whyNot({ draft, desk, say }: Given): string | null {
  const { outcome, terms } = draft
  if (desk.blocked !== null) return desk.blocked
  if (desk.data.openCall === null) return say('callFirst')
  if (outcome === null) return say('chooseOutcome')
  if (outcome.party === 'right-party' && desk.data.identity.how !== 'verified')
    return say('verifyFirst')
  if (terms === null) return null
  if (minorOf(terms.amount) <= 0) return say('badAmount')
  return terms.readBack === 'confirmed' ? null : say('readBackShow')
}

function termsOf({ data }: Desk): Terms {
  const owed = data.owed?.arrearsMinor ?? 0
  const amount = owed > 0 ? (owed / 100).toFixed(2) : ''
  return { amount, dueOn: dayAfter(data.case.today, PROMISED_DAYS), readBack: 'open' }
}

/** What is sent of a draft: what was not chosen is left out. */
function fieldsOf(draft: Draft, { line, party }: Outcome, note: string) {
  const { terms, talk, delayReason, said } = draft
  return {
    ...{ line, said: [...said], ...nextAsked() },
    ...(party === undefined ? {} : { party }),
    ...(talk === null ? {} : { talk }),
    ...(delayReason === null ? {} : { delayReason }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(terms === null ? {} : { promise: promiseOf(terms) }),
  }
}

function promiseOf({ amount, dueOn }: Terms) {
  return { amountMinor: minorOf(amount), dueOn, readBack: true } as const
}

/** What was typed in major units, in minor ones; 0 where it is no amount. */
export function minorOf(amount: string): number {
  return /^\d{1,9}(\.\d{1,2})?$/.test(amount.trim()) ? Math.round(Number(amount) * 100) : 0
}

/** A note of what was chosen and ticked, to be changed or left as it is. */
function draftNote({
  draft,
  desk,
  say,
  word,
}: Given & { word: (code: string) => string | null }): string {
  const { outcome, talk, delayReason, terms, said } = draft
  if (outcome === null) return ''
  const must = desk.data.script.lines.filter((line) => line.must)
  const parts = [
    word(outcome.party === 'right-party' ? 'right-party' : outcome.word),
    talk === null ? null : word(talk),
    delayReason === null ? null : `${say('delayReason')}: ${word(delayReason) ?? delayReason}`,
    terms === null
      ? null
      : say('promiseOpen', {
          day: terms.dueOn,
          amount: formatMoney(minorOf(terms.amount), desk.data.case.currency),
        }),
    said.length === 0
      ? null
      : say('saidCount', {
          said: must.filter(({ key }) => said.includes(key)).length,
          must: must.length,
        }),
  ]
  return parts.filter((part) => part !== null).join(currentStop())
}

function currentStop(): string {
  return document.documentElement.lang === 'en' ? '; ' : '；'
}
