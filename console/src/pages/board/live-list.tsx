import { formatTime } from '@dunlin/ui'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useLiveLines } from '../../api/live.ts'
import { useWord } from '../../parts/word-texts.ts'
import { useBoardTexts } from './board-texts.ts'

const SHOWN = 60

/** What happens, newest first. */
export function LiveList(): ReactElement {
  const say = useBoardTexts()
  const word = useWord()
  const lines = useLiveLines(SHOWN)
  if (lines.length === 0) return <p className="empty">{say('noLive')}</p>
  return (
    <ol className="live" aria-label={say('live')}>
      {lines.map(({ id, at, event, channel, borrowerNo, caseId, count }) => (
        <li key={id} data-event={event}>
          <time dateTime={at}>{formatTime(at)}</time>
          <span>{channel === null ? word(event) : `${word(event)} · ${word(channel)}`}</span>
          {count > 1 && <span className="quiet number">×{count}</span>}
          {count === 1 && caseId !== null && (
            <Link to="/cases/$caseId" params={{ caseId }}>
              {borrowerNo ?? caseId}
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}
