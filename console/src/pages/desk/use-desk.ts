import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { type Answer, call, keyOf, useAnswer, useChange } from '../../api/client.ts'
import { useFresh } from '../../api/live.ts'
import { useMay } from '../../api/me.ts'
import { useDeskTexts } from './desk-texts.ts'
import { nextAsked, passOver } from './passed-over.ts'

export type DeskCase = Answer<'GET /console-api/desk/cases/:caseId'>
export const CASE = 'GET /console-api/desk/cases/:caseId'
const EVERY_MS = 15_000
const RENEW_MS = 20_000

export type Desk = {
  readonly caseId: string
  readonly data: DeskCase
  /** Why nothing can be changed now; null: it can. */
  readonly blocked: string | null
  readonly refresh: () => void
  /** Goes to a case; null: nobody is left, so to the worklist. */
  readonly goTo: (caseId: string | null) => void
  readonly next: () => void
  readonly isGoing: boolean
  readonly lost: boolean
  readonly take: (takeOver: boolean) => void
}

/** One case, read and kept fresh, its lease taken while it is on the screen and let go after. */
export function useDesk(caseId: string) {
  const say = useDeskTexts()
  const may = useMay('case.work')
  const answer = useAnswer(CASE, { params: { caseId } }, { everyMs: EVERY_MS })
  useFresh([CASE], caseId)
  const data = answer.data?.case.id === caseId ? answer.data : undefined
  const isOpen = data?.case.state === 'open'
  const lease = useLease(caseId, may.can && isOpen ? data : undefined)
  const going = useNext(caseId)
  const refresh = useRefresh()
  if (data === undefined) return { ...answer, desk: null }
  const desk: Desk = { caseId, data, blocked: blockedBy(), refresh, ...going, ...lease }
  return { ...answer, desk }

  function blockedBy(): string | null {
    if (data === undefined || !isOpen) return say('closed')
    if (data.lease.isMine) return null
    return data.lease.holder === null
      ? say('notTaken')
      : say('takenShort', { name: data.lease.holder })
  }
}

function useRefresh(): () => void {
  const queries = useQueryClient()
  return useCallback(() => void queries.invalidateQueries({ queryKey: keyOf(CASE) }), [queries])
}

function useNext(caseId: string): Pick<Desk, 'goTo' | 'next' | 'isGoing'> {
  const navigate = useNavigate()
  const ask = useChange('POST /console-api/desk/next')
  const goTo = (to: string | null): void => {
    void (to === null
      ? navigate({ to: '/desk', search: { left: true } })
      : navigate({ to: '/cases/$caseId', params: { caseId: to } }))
  }
  const next = (): void => {
    if (ask.isPending) return
    passOver(caseId)
    ask.mutate({ body: nextAsked() }, { onSuccess: (found) => goTo(found.caseId) })
  }
  return { goTo, next, isGoing: ask.isPending }
}

/** Takes a free case that opens, gives a sign of life while it is open, and lets it go. */
function useLease(caseId: string, data: DeskCase | undefined): Pick<Desk, 'lost' | 'take'> {
  const refresh = useRefresh()
  const [tried, setTried] = useState<string | null>(null)
  const [held, setHeld] = useState<string | null>(null)
  const isMine = data?.lease.isMine === true
  const isFree = data !== undefined && data.lease.holder === null && tried !== caseId
  const params = { caseId }
  const take = (takeOver: boolean): void => {
    setTried(caseId)
    const path = 'POST /console-api/desk/cases/:caseId/lease'
    call(path, { params, body: { takeOver } }).then(refresh, refresh)
  }
  useEffect(() => {
    if (isFree) take(false)
  })
  useEffect(() => {
    if (!isMine) return
    setHeld(caseId)
    const timer = setInterval(() => {
      const path = 'POST /console-api/desk/cases/:caseId/renew'
      call(path, { params: { caseId }, body: {} })
        .then((lease) => (lease.isMine ? undefined : refresh()))
        .catch(() => undefined)
    }, RENEW_MS)
    return () => clearInterval(timer)
  }, [isMine, caseId, refresh])
  useEffect(
    () => () => {
      const path = 'POST /console-api/desk/cases/:caseId/release'
      call(path, { params: { caseId }, body: {} }).catch(() => undefined)
    },
    [caseId],
  )
  return { take, lost: held === caseId && data !== undefined && !isMine }
}
