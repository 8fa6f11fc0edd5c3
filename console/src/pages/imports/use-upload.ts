import type { ImportStartedAnswer } from '@dunlin/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keyOf } from '../../api/client.ts'

type Given = {
  readonly kind: string
  readonly portfolio: string
  readonly asOf: string
  readonly isDryRun: boolean
  readonly file: File
}

export type Upload = {
  readonly send: (given: Given) => void
  readonly isSending: boolean
  /** Of the file, how much has been sent. */
  readonly percent: number
  readonly error: string | null
}

const CREATED = 201

/** Sends a file with its fields and tells how far it is, which only this older way of asking can. */
export function useUpload(onStarted: (importId: string) => void): Upload {
  const queries = useQueryClient()
  const [state, setState] = useState({ isSending: false, percent: 0 })
  const [error, setError] = useState<string | null>(null)
  const send = (given: Given): void => {
    setError(null)
    setState({ isSending: true, percent: 0 })
    const request = new XMLHttpRequest()
    request.open('POST', '/console-api/imports')
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = ({ loaded, total }) =>
      setState({ isSending: true, percent: total === 0 ? 0 : Math.round((100 * loaded) / total) })
    request.onerror = () => {
      setState({ isSending: false, percent: 0 })
      setError('network')
    }
    request.onload = () => {
      setState({ isSending: false, percent: 0 })
      if (request.status !== CREATED) return setError(detailOf(request))
      const started: ImportStartedAnswer = JSON.parse(request.responseText)
      void queries.invalidateQueries({ queryKey: keyOf('GET /console-api/imports') })
      onStarted(started.id)
    }
    request.send(formOf(given))
  }
  return { send, ...state, error }
}

function formOf({ kind, portfolio, asOf, isDryRun, file }: Given): FormData {
  const form = new FormData()
  form.append('kind', kind)
  form.append('portfolio', portfolio)
  form.append('dryRun', String(isDryRun))
  if (asOf !== '') form.append('asOf', asOf)
  form.append('file', file, file.name)
  return form
}

function detailOf({ responseText, status }: XMLHttpRequest): string {
  try {
    const { detail }: { detail?: string } = JSON.parse(responseText)
    return detail ?? `HTTP ${status}`
  } catch {
    return `HTTP ${status}`
  }
}
