import { formatCount, formatInstant, formatMoney, type Say } from '@dunlin/ui'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { type ImportKey, useImportTexts } from './import-texts.ts'

type Portfolio = Answer<'GET /console-api/portfolios'>['items'][number]

/** Portfolios, what lies in them, and the way to their cases and imports. */
export function PortfolioListPage(): ReactElement {
  const say = useImportTexts()
  const navigate = useNavigate()
  const { data, error, refetch, isFetching } = useAnswer('GET /console-api/portfolios', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('portfolios')}</h1>
      </div>
      <p className="quiet">{say('portfoliosLead')}</p>
      <DataGrid
        label={say('portfolios')}
        columns={columnsOf(say)}
        rows={data?.items ?? []}
        rowKey={({ name }) => name}
        onOpen={({ name }) => void navigate({ to: '/imports', search: { portfolio: name } })}
        empty={isFetching ? '…' : say('noPortfolios')}
      />
    </div>
  )
}

function columnsOf(say: Say<ImportKey>): Column<Portfolio>[] {
  return [
    {
      key: 'name',
      title: say('portfolio'),
      width: 150,
      show: ({ name }) => <strong>{name}</strong>,
    },
    { key: 'lender', title: say('lender'), show: ({ lender }) => lender },
    { key: 'packs', title: say('packs'), width: 110, show: ({ packs }) => packs.join(', ') },
    { key: 'strategy', title: say('strategy'), width: 190, show: ({ strategy }) => strategy },
    {
      key: 'loans',
      title: say('loans'),
      width: 90,
      isNumber: true,
      show: ({ loans }) => formatCount(loans),
    },
    {
      key: 'open',
      title: say('openCases'),
      width: 110,
      isNumber: true,
      show: ({ openCases }) => formatCount(openCases),
    },
    {
      key: 'arrears',
      title: say('arrears'),
      width: 150,
      isNumber: true,
      show: ({ arrearsMinor, currency }) => formatMoney(arrearsMinor, currency),
    },
    {
      key: 'imported',
      title: say('importedAt'),
      width: 140,
      show: ({ importedAt }) => (importedAt === null ? say('never') : formatInstant(importedAt)),
    },
  ]
}
