import { currentLanguage, formatCountdown, useNow } from '@dunlin/ui'
import type { ReactElement } from 'react'
import { useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Term } from '../../parts/term.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { useDeskTexts } from './desk-texts.ts'
import { ContactPoint } from './unmask-sheet.tsx'
import { CASE, type Desk, type DeskCase } from './use-desk.ts'
import { type Unmask, useUnmask } from './use-unmask.ts'

type Lamp = DeskCase['lamps'][number]
const TONE = { permit: 'good', defer: 'warn', refuse: 'bad' } as const

export type Calling = {
  readonly call: (contactPointId: string) => void
  /** The first number that may be called now; null: none. */
  readonly first: string | null
  readonly isAsking: boolean
  /** Why nobody can be called; null: somebody can. */
  readonly reason: string | null
  readonly error: string | null
}

/** Asks the gate for a call: it alone says whether the number may be dialled. */
export function useCalling(desk: Desk): Calling {
  const say = useDeskTexts()
  const change = useChange('POST /console-api/desk/cases/:caseId/calls', [CASE])
  const lamp = desk.data.lamps.find(
    ({ channel, now }) => channel === 'call' && now.verdict === 'permit',
  )
  const first = lamp?.contactPointId ?? null
  const isOn = desk.data.openCall !== null
  const busy = desk.blocked ?? (isOn ? say('onCall') : null)
  const call = (contactPointId: string): void => {
    if (busy !== null || change.isPending) return
    change.mutate({ params: { caseId: desk.caseId }, body: { contactPointId } })
  }
  const verdict = change.data?.now
  const refused = verdict === undefined || verdict.verdict === 'permit' ? null : verdict.reasons[0]
  const why = refused === null || refused === undefined ? null : refused.title[languageOf()]
  return {
    call,
    first,
    isAsking: change.isPending,
    reason: busy ?? (first === null ? say('noCall') : null),
    error: change.error?.message ?? why,
  }
}

function languageOf(): 'en' | 'zh' {
  return currentLanguage() === 'en' ? 'en' : 'zh'
}

/** A lamp for each channel and number: green, amber with a countdown, red; each with its rule and source. */
export function LampsCard({ desk, calling }: { desk: Desk; calling: Calling }): ReactElement {
  const say = useDeskTexts()
  const { lamps } = desk.data
  const unmask = useUnmask(desk.caseId)
  return (
    <section className="card" aria-label={say('lamps')}>
      <h2>
        <Term of="lamp">{say('lamps')}</Term>
      </h2>
      {lamps.length === 0 && <p className="empty">{say('noPoints')}</p>}
      <ul className="lamps">
        {lamps.map((lamp) => (
          <LampLine
            key={`${lamp.channel} ${lamp.contactPointId}`}
            {...{ lamp, desk, calling, unmask }}
          />
        ))}
      </ul>
      {calling.error !== null && (
        <p className="bad" role="alert">
          {say('asked', { answer: calling.error })}
        </p>
      )}
    </section>
  )
}

type LineGiven = {
  readonly lamp: Lamp
  readonly desk: Desk
  readonly calling: Calling
  readonly unmask: Unmask
}

function LampLine({ lamp, desk, calling, unmask }: LineGiven): ReactElement {
  const word = useWord()
  const say = useDeskTexts()
  const may = useMay('case.work')
  const { verdict, reasons } = lamp.now
  const tone = TONE[verdict]
  const { openCall } = desk.data
  const isOn = openCall?.contactPointId === lamp.contactPointId && lamp.channel === 'call'
  const language = languageOf()
  return (
    <li>
      <span className={`lamp ${tone}`} aria-hidden="true" />
      <div>
        <strong>{word(lamp.channel)}</strong>{' '}
        <ContactPoint point={lamp.point} contactPointId={lamp.contactPointId} unmask={unmask} />{' '}
        <span className={tone}>{isOn ? say('calling') : <Says lamp={lamp} />}</span>
        {reasons.map(({ rule, title, cite, clears }) => (
          <details key={rule}>
            <summary>{title[language]}</summary>
            <p>{say('source', { source: `${cite.instrument}${cite.basis}` })}</p>
            <p>{say('clears', { clears })}</p>
          </details>
        ))}
      </div>
      {lamp.channel === 'call' && verdict === 'permit' && (
        <ActionButton
          size="small"
          type="primary"
          may={may}
          reason={desk.blocked ?? (openCall === null ? null : say('onCall'))}
          loading={calling.isAsking}
          onClick={() => calling.call(lamp.contactPointId)}
        >
          {say('call')}
          {calling.first === lamp.contactPointId && <kbd>C</kbd>}
        </ActionButton>
      )}
    </li>
  )
}

function Says({ lamp }: { lamp: Lamp }): ReactElement {
  const say = useDeskTexts()
  const now = useNow(1_000)
  const { verdict, until } = lamp.now
  if (verdict !== 'defer' || until === null)
    return <>{say(verdict === 'permit' ? 'permit' : 'refuse')}</>
  return <>{say('wait', { time: formatCountdown(Date.parse(until) - now) })}</>
}
