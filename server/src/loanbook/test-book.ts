import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EpochDay, instant, parseLocalDate, required } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { type ImportKind, type ImportSummary, importFile } from './import/index.ts'

// A small book for tests: a mainland portfolio, and files written and loaded as an operator would.

export const NOW = instant(Date.UTC(2026, 5, 1, 2))

export function day(text: string): EpochDay {
  return required(parseLocalDate(text), text)
}

export async function aPortfolio(
  db: Database,
  name = 'main',
  lender = 'Demo Consumer Finance',
): Promise<void> {
  await db.run(
    `insert into portfolio (name, lender, country, currency, zones, packs, overlay, collector_role, strategy,
       contact_line, complaint_line)
     values ($1, $2, 'CN', 'CNY', '{Asia/Shanghai}', '{cn}', 'lender-default', 'original-creditor',
       'cn-consumer-early-mid', '400-000-0000', '400-000-0001')`,
    [name, lender],
  )
}

export type Load = {
  readonly kind: ImportKind
  readonly text: string | Uint8Array
  readonly name?: string
  readonly map?: string
  readonly portfolio?: string
  readonly rejectFolder?: string
  readonly asOf?: string
  readonly dryRun?: boolean
}

export async function load(db: Database, given: Load): Promise<ImportSummary & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-import-'))
  const file = join(folder, given.name ?? `${given.kind}.csv`)
  await writeFile(file, given.text)
  const summary = await importFile({
    db,
    sealer: createTestSealer(),
    kind: given.kind,
    file,
    portfolio: given.portfolio ?? 'main',
    map: given.map,
    asOf: given.asOf === undefined ? undefined : day(given.asOf),
    dryRun: given.dryRun,
    at: NOW,
    rejectFolder: given.rejectFolder ?? join(folder, 'rejects'),
  })
  return { ...summary, folder }
}

export const LOANS = `loan_no,borrower_no,name,phone,email,id_no,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of
L1,B1,王小明,19900000001,wang@example.com,X1,10000.00,800.00,50.00,3.20,0,2026-05-25,2026-05-31
L2,B1,王小明,19900000001,wang@example.com,X1,5000.00,0,0,0,0,,2026-05-31
L3,B2,李雷,19900000002,,X2,2000.00,200.00,0,0,0,2026-04-01,2026-05-31
L4,B3,韩梅梅,,han@example.com,X3,0,0,0,0,0,,2026-05-31
`
