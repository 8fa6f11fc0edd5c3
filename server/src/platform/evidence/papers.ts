import { formatInstant, type Instant, required } from '@dunlin/kernel'
import { z } from 'zod'
import type { Sql, Tx } from '../db/index.ts'
import { insertBatch, treeOf } from './batch.ts'

// Documents as evidence: the gate's decisions say that a contact was allowed, papers say what was handed over.

const PAPER_KINDS = ['agreement-offered', 'agreement-accepted', 'letter-sent'] as const

export type Paper = {
  readonly borrowerId: string
  readonly caseId: string | null
  readonly kind: (typeof PAPER_KINDS)[number]
  /** What it belongs to: the plan of an agreement, the attempt of a letter. */
  readonly ref: string
  /** Of its bytes, hex. */
  readonly sha256: string
}

/** What a leaf of a paper says: everything that its row says. */
const leafSchema = z.strictObject({
  paper: z.string(),
  borrower: z.string(),
  case: z.string().nullable(),
  kind: z.enum(PAPER_KINDS),
  ref: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
})
export type PaperLeaf = z.infer<typeof leafSchema>

/** Puts documents into a batch of their own, in the transaction in which they came to be. */
export async function recordPapers(tx: Tx, papers: readonly Paper[], at: Instant): Promise<void> {
  if (papers.length === 0) return
  const atText = formatInstant(at)
  const ids = await tx.query<{ id: string }>(
    `select nextval(pg_get_serial_sequence('paper', 'paper_id'))::text as id from generate_series(1, $1)`,
    [papers.length],
  )
  const leaves = papers.map(({ borrowerId, caseId, kind, ref, sha256 }, index): PaperLeaf => {
    const { id: paper } = required(ids[index], 'an id of a paper')
    return { paper, borrower: borrowerId, case: caseId, kind, ref, sha256, at: atText }
  })
  const texts = leaves.map((leaf) => JSON.stringify(leaf))
  const batchId = await insertBatch(tx, { decidedAt: atText, ...treeOf(texts) })
  await tx.run(
    `insert into paper (borrower_id, paper_id, case_id, kind, ref, sha256, leaf, leaf_index, recorded_at, evidence_batch_id)
     select g.borrower_id, g.paper_id, g.case_id, g.kind, g.ref, decode(g.sha256, 'hex'), g.leaf, g.place - 1, $8, $9
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
       with ordinality as g (borrower_id, paper_id, case_id, kind, ref, sha256, leaf, place)`,
    [
      leaves.map(({ borrower }) => borrower),
      leaves.map(({ paper }) => paper),
      leaves.map((leaf) => leaf.case),
      leaves.map(({ kind }) => kind),
      leaves.map(({ ref }) => ref),
      leaves.map(({ sha256 }) => sha256),
      texts,
      atText,
      batchId,
    ],
  )
}

/** A paper with its place in the log. */
export type StoredPaper = {
  readonly leaf: string
  readonly leafIndex: number
  readonly batchId: string
  /** Null until its batch is sealed. */
  readonly sequence: number | null
  /** What the row says, which must be what its leaf says. */
  readonly columns: PaperLeaf
}

/** The columns of a paper `p` whose batch is `e`. */
export const PAPER_COLUMNS = `p.leaf, p.leaf_index as "leafIndex", p.evidence_batch_id as "batchId", e.sequence::float8 as sequence,
  json_build_object('paper', p.paper_id::text, 'borrower', p.borrower_id::text, 'case', p.case_id::text, 'kind', p.kind,
    'ref', p.ref, 'sha256', encode(p.sha256, 'hex'),
    'at', to_char(p.recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as columns`

/** Papers after one, in the order of the log, up to a batch. */
export function listPapersAfter(
  sql: Sql,
  given: { sequence: number; leafIndex: number; upTo: number; limit: number },
): Promise<StoredPaper[]> {
  return sql.query<StoredPaper>(
    `select ${PAPER_COLUMNS} from paper p join evidence_batch e using (evidence_batch_id)
     where (e.sequence, p.leaf_index) > ($1, $2) and e.sequence <= $3 order by e.sequence, p.leaf_index limit $4`,
    [given.sequence, given.leafIndex, given.upTo, given.limit],
  )
}

/** The hash under which the last paper of a kind about something stands in the log; null when there is none. */
export async function findPaperHash(
  sql: Sql,
  { borrowerId, kind, ref }: Pick<Paper, 'borrowerId' | 'kind' | 'ref'>,
): Promise<string | null> {
  const [row] = await sql.query<{ sha256: string }>(
    `select encode(sha256, 'hex') as sha256 from paper where borrower_id = $1 and kind = $2 and ref = $3
     order by paper_id desc limit 1`,
    [borrowerId, kind, ref],
  )
  return row?.sha256 ?? null
}

/** What is wrong with the leaf of a paper, and with the row beside it when one is given. */
export function checkPaper(leafText: string, columns: PaperLeaf | null): string[] {
  const leaf = leafSchema.safeParse(parseJson(leafText)).data
  const name = `paper ${leaf?.borrower ?? columns?.borrower ?? '?'}-${leaf?.paper ?? columns?.paper ?? '?'}`
  if (leaf === undefined) return [`${name}: its leaf cannot be read`]
  if (columns === null) return []
  return (['paper', 'borrower', 'case', 'kind', 'ref', 'sha256', 'at'] as const)
    .filter((field) => !isSame(field, leaf[field], columns[field]))
    .map((field) => `${name}: ${field} of the row is not that of its leaf`)
}

function isSame(field: keyof PaperLeaf, inLeaf: string | null, inRow: string | null): boolean {
  return field === 'at' ? Date.parse(inLeaf ?? '') === Date.parse(inRow ?? '') : inLeaf === inRow
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
