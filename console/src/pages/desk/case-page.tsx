import { formatDay, formatInstant, formatMoney } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { type ReactElement, useState } from 'react'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { CallbackSheet, HoldSheet, NoteSheet } from './agree-sheets.tsx'
import { useDeskTexts } from './desk-texts.ts'
import { useDeskWord } from './desk-words.ts'
import { IdentityCard } from './identity-card.tsx'
import { LampsCard, useCalling } from './lamps-card.tsx'
import { OutcomeCard } from './outcome-card.tsx'
import { NOT_REACHED, REACHED } from './outcomes.ts'
import { OwedCard } from './owed-card.tsx'
import { ReplyCard } from './reply-card.tsx'
import { ScriptCard } from './script-card.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { TimelineCard } from './timeline-card.tsx'
import { type Desk, useDesk } from './use-desk.ts'
import { useKeys } from './use-keys.ts'
import { useWrap } from './use-wrap.ts'
import './desk.css'

type Sheet = 'hold' | 'callback' | 'note' | 'help'

/** One case as it is worked: who it is, what is owed, whom one may contact how, what is said, and what came of it. */
export function CasePage(): ReactElement {
  const { caseId } = useParams({ from: '/shell/cases/$caseId' })
  const { desk, error, refetch } = useDesk(caseId)
  if (desk === null)
    return error === null ? <Loading /> : <Failed error={error} reset={() => void refetch()} />
  return <Workbench desk={desk} />
}

function Workbench({ desk }: { desk: Desk }): ReactElement {
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const calling = useCalling(desk)
  const wrap = useWrap(desk)
  const codes = [...NOT_REACHED, ...REACHED].map(
    (outcome) => [outcome.key, () => wrap.choose(outcome)] as const,
  )
  useKeys({
    ...Object.fromEntries(codes),
    Enter: wrap.advance,
    n: desk.next,
    c: () => (calling.first === null ? undefined : calling.call(calling.first)),
    i: () => document.getElementById('desk-identity')?.focus(),
    s: wrap.tickNext,
    r: () => document.getElementById('desk-reply')?.focus(),
    h: () => setSheet('hold'),
    b: () => setSheet('callback'),
    m: () => setSheet('note'),
    '?': () => setSheet('help'),
  })
  const close = (): void => setSheet(null)
  return (
    <div className="page">
      <Head desk={desk} onSheet={setSheet} />
      <Notices desk={desk} />
      <div className="desk">
        <div className="desk-talk">
          <IdentityCard desk={desk} />
          <LampsCard desk={desk} calling={calling} />
          <ScriptCard desk={desk} wrap={wrap} />
          <OutcomeCard desk={desk} wrap={wrap} />
        </div>
        <div className="desk-file">
          <OwedCard data={desk.data} />
          <ReplyCard desk={desk} />
          <TimelineCard data={desk.data} />
        </div>
      </div>
      {sheet === 'hold' && <HoldSheet desk={desk} onClose={close} />}
      {sheet === 'callback' && <CallbackSheet desk={desk} onClose={close} />}
      {sheet === 'note' && <NoteSheet desk={desk} onClose={close} />}
      {sheet === 'help' && <ShortcutSheet onClose={close} />}
    </div>
  )
}

type HeadGiven = { readonly desk: Desk; readonly onSheet: (sheet: Sheet) => void }

function Head({ desk, onSheet }: HeadGiven): ReactElement {
  const say = useDeskTexts()
  const work = useMay('case.work')
  const hold = useMay('case.hold')
  const { name, borrowerNo, portfolio, stage, dpd } = desk.data.case
  return (
    <div className="page-head">
      <h1>{name}</h1>
      <span className="quiet">
        {borrowerNo} · {portfolio} · {stage ?? '–'} · {say('dpdDays', { days: dpd })}
      </span>
      <span className="space" />
      <Link to="/cases">{say('allCases')}</Link>
      <ActionButton may={hold} onClick={() => onSheet('hold')}>
        {say('hold')} <kbd>H</kbd>
      </ActionButton>
      <ActionButton may={work} reason={desk.blocked} onClick={() => onSheet('callback')}>
        {say('callback')} <kbd>B</kbd>
      </ActionButton>
      <ActionButton may={work} onClick={() => onSheet('note')}>
        {say('noteWrite')} <kbd>M</kbd>
      </ActionButton>
      <Button onClick={() => onSheet('help')}>
        {say('keys')} <kbd>?</kbd>
      </Button>
      <ActionButton type="primary" may={work} loading={desk.isGoing} onClick={desk.next}>
        {say('next')} <kbd>N</kbd>
      </ActionButton>
    </div>
  )
}

/** What somebody must know before they do anything here. */
function Notices({ desk }: { desk: Desk }): ReactElement {
  const say = useDeskTexts()
  const word = useDeskWord()
  const mayTakeOver = useMay('case.assign')
  const { lease, holds, promise, callbacks, case: file } = desk.data
  const take = (takeOver: boolean, words: string): ReactElement => (
    <Button size="small" onClick={() => desk.take(takeOver)}>
      {words}
    </Button>
  )
  return (
    <>
      {desk.lost && lease.holder === null && (
        <Alert type="warning" showIcon title={say('lost')} action={take(false, say('take'))} />
      )}
      {lease.holder !== null && !lease.isMine && (
        <Alert
          type="warning"
          showIcon
          title={say('takenBy', { name: lease.holder })}
          action={mayTakeOver.can ? take(true, say('takeOver')) : undefined}
        />
      )}
      {file.state !== 'open' && <Alert type="info" showIcon title={say('closed')} />}
      {holds.map(({ id, kind, to, reason }) => (
        <Alert
          key={id}
          type="error"
          showIcon
          title={`${say('hold')}: ${word(kind) ?? kind}${to === null ? '' : ` → ${formatDay(to.slice(0, 10))}`} · ${reason}`}
        />
      ))}
      {promise !== null && (
        <Alert
          type="info"
          showIcon
          title={
            promise.amountMinor === null
              ? say('promiseOpenHidden', { day: formatDay(promise.dueOn) })
              : say('promiseOpen', {
                  day: formatDay(promise.dueOn),
                  amount: formatMoney(promise.amountMinor, file.currency),
                })
          }
        />
      )}
      {callbacks.map(({ id, dueAt, reason }) => (
        <Alert
          key={id}
          type="info"
          showIcon
          title={`${say('callback')} ${formatInstant(dueAt)} · ${reason}`}
        />
      ))}
    </>
  )
}
