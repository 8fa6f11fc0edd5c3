import type { Sql } from '../../platform/db/index.ts'

// SQL of what is ours: lines of portfolios, senders and addresses of provider accounts.

export type Ours = {
  readonly lender: string
  readonly contactLine: string
  readonly complaintLine: string
}
const OURS = `p.lender, p.contact_line as "contactLine", p.complaint_line as "complaintLine"`

export async function findOwnLine(sql: Sql, digits: string): Promise<Ours | null> {
  const [row] = await sql.query<Ours>(
    `select ${OURS} from portfolio p where $1 in (regexp_replace(p.contact_line, '\\D', '', 'g'),
       regexp_replace(p.complaint_line, '\\D', '', 'g')) order by p.portfolio_id limit 1`,
    [digits],
  )
  return row ?? null
}

/** The number that our text messages come from. */
export async function findOwnSender(sql: Sql, digits: string): Promise<Ours | null> {
  const [row] = await sql.query<Ours>(
    `select ${OURS} from provider_account a cross join portfolio p
     where a.is_enabled and a.channel = 'sms'
       and $1 in (a.settings->>'sourceAddress', a.settings->>'serviceNumber', a.settings->>'sourceNumber')
     order by p.portfolio_id limit 1`,
    [digits],
  )
  return row ?? null
}

export async function findOwnAddress(sql: Sql, address: string): Promise<Ours | null> {
  const [row] = await sql.query<Ours>(
    `select ${OURS} from provider_account a cross join portfolio p
     where a.is_enabled and a.channel = 'email'
       and $1 in (lower(a.settings->>'fromAddress'), lower(a.settings->>'replyTo'))
     order by p.portfolio_id limit 1`,
    [address],
  )
  return row ?? null
}

export async function findLender(sql: Sql, portfolioId: string): Promise<Ours | null> {
  const [row] = await sql.query<Ours>(`select ${OURS} from portfolio p where p.portfolio_id = $1`, [
    portfolioId,
  ])
  return row ?? null
}
