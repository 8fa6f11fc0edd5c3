import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Checkbox, Input, Progress, Segmented, Select } from 'antd'
import { type ReactElement, useState } from 'react'
import { useAnswer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilePick } from './file-pick.tsx'
import { KINDS, type NewImportSearch } from './import-search.ts'
import { useImportTexts } from './import-texts.ts'
import { useUpload } from './use-upload.ts'
import './imports.css'

type Kind = (typeof KINDS)[number]

/** A file, what it holds, and where it goes; a dry run first where wanted. */
export function NewImportPage(): ReactElement {
  const say = useImportTexts()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/imports/new' })
  const { portfolio: named, kind = 'loans', isReal } = search
  const isDryRun = isReal !== true
  const set = (change: NewImportSearch): void =>
    void navigate({ to: '/imports/new', search: { ...search, ...change }, replace: true })
  const portfolios = useAnswer('GET /console-api/portfolios', {})
  const [asOf, setAsOf] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const upload = useUpload(
    (importId) => void navigate({ to: '/imports/$importId', params: { importId } }),
  )
  if (portfolios.error !== null)
    return <Failed error={portfolios.error} reset={() => void portfolios.refetch()} />
  const names = (portfolios.data?.items ?? []).map(({ name }) => name)
  const portfolio = named ?? (names.length === 1 ? names[0] : undefined)
  const missing = portfolio === undefined ? say('needPortfolio') : null
  const reason = missing ?? (file === null ? say('needFile') : null)
  const send = (): void => {
    if (portfolio === undefined || file === null) return
    upload.send({ kind, portfolio, asOf, isDryRun, file })
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('newTitle')}</h1>
      </div>
      <p className="quiet">{say('newLead')}</p>
      <div className="card import-form">
        <label htmlFor="import-portfolio">{say('portfolio')}</label>
        <Select
          id="import-portfolio"
          aria-label={say('portfolio')}
          value={portfolio ?? null}
          placeholder={say('needPortfolio')}
          options={names.map((name) => ({ value: name, label: name }))}
          notFoundContent={say('noPortfolios')}
          onChange={(name) => set({ portfolio: name ?? undefined })}
        />
        <span>{say('kind')}</span>
        <div>
          <Segmented<Kind>
            aria-label={say('kind')}
            className="kinds"
            value={kind}
            options={KINDS.map((value) => ({ value, label: say(`kind.${value}`) }))}
            onChange={(chosen) => set({ kind: chosen })}
          />
          <p className="quiet">{say(`hint.${kind}`)}</p>
        </div>
        <label htmlFor="import-as-of">{say('asOf')}</label>
        <div>
          <Input
            id="import-as-of"
            type="date"
            style={{ width: 180 }}
            value={asOf}
            aria-describedby="import-as-of-hint"
            onChange={({ target }) => setAsOf(target.value)}
          />
          <p className="quiet" id="import-as-of-hint">
            {say('asOfHint')}
          </p>
        </div>
        <span>{say('file')}</span>
        <FilePick file={file} onPick={setFile} />
        <span />
        <Checkbox
          checked={isDryRun}
          onChange={({ target }) => set({ isReal: target.checked ? undefined : true })}
        >
          {say('tryFirst')}
        </Checkbox>
        <span />
        <div>
          <ActionButton type="primary" reason={reason} loading={upload.isSending} onClick={send}>
            {say(isDryRun ? 'startDry' : 'start')}
          </ActionButton>
        </div>
      </div>
      {upload.isSending && (
        <div className="card">
          <Progress
            percent={upload.percent}
            aria-label={say('uploading', { percent: upload.percent })}
          />
          <span className="quiet">{say('uploading', { percent: upload.percent })}</span>
        </div>
      )}
      {upload.error !== null && <Alert type="error" showIcon title={upload.error} />}
    </div>
  )
}
