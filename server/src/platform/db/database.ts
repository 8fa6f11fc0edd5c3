import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** A value that PostgreSQL takes as a parameter. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | null
  | readonly (string | number | bigint | boolean | Uint8Array | null)[]

/** Rows come back with bigint and date columns as text, timestamptz as text, bytea as Buffer. */
export type Sql = {
  readonly query: <Row extends object>(text: string, values?: readonly SqlValue[]) => Promise<Row[]>
  /** Rows as arrays in column order: for hot paths. */
  readonly rows: (text: string, values?: readonly SqlValue[]) => Promise<unknown[][]>
  /** Runs a statement; how many rows it touched. */
  readonly run: (text: string, values?: readonly SqlValue[]) => Promise<number>
}

/** One transaction: the same statements, and COPY. Stores take it as their first argument. */
export type Tx = Sql & {
  /** `copy t (a, b) from stdin`: feeds lines of text-format COPY data. */
  readonly copyIn: (statement: string, lines: readonly string[]) => Promise<void>
  /** `copy (select …) to stdout`: the raw chunks. */
  readonly copyOut: (statement: string) => AsyncIterable<Buffer>
}

export type Database = Sql & {
  readonly url: string
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  /** One connection kept for the caller until `work` ends: session locks, listen, temporary tables. */
  readonly session: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

export type DatabaseOptions = { readonly url: string; readonly connectionsMax?: number }

const CONNECTIONS_MAX = 10

const textTypes = new pg.TypeOverrides()
for (const oid of [1082, 1114, 1184]) textTypes.setTypeParser(oid, (text: string) => text)
textTypes.setTypeParser(1182, (text: string) => text)

/**
 * Every session runs in UTC with ISO dates. A page read by its place costs what any other costs, as on
 * the solid disks of today: batches of thousands then find their rows by index instead of reading the book.
 */
const SESSION = '-c timezone=UTC -c datestyle=ISO -c random_page_cost=1.1 -c jit=off'

/** A pool of connections. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    types: textTypes,
    options: SESSION,
    allowExitOnIdle: true,
  })
  // A connection lost while idle is replaced by the pool at the next use; the use itself reports what fails.
  pool.on('error', () => undefined)
  return {
    url: options.url,
    ...statements(pool),
    transaction: (work) => withClient(pool, (client) => inTransaction(client, work)),
    session: (work) => withClient(pool, (client) => work(sessionOf(client))),
    close: () => pool.end(),
  }
}

async function withClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  client.on('error', (error) => {
    failure = error
  })
  try {
    return await work(client)
  } finally {
    client.removeAllListeners('error')
    client.release(failure)
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: (tx: Tx) => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const value = await work(sessionOf(client))
    await client.query('commit')
    return value
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

function sessionOf(client: pg.PoolClient): Tx {
  return {
    ...statements(client),
    copyIn: (statement, lines) => pipeline(inChunks(lines), client.query(copyFrom(statement))),
    copyOut: (statement) => client.query(copyTo(statement)),
  }
}

const COPY_CHUNK = 1 << 16

/** Lines joined into pieces worth a message each. */
function* inChunks(lines: readonly string[]): Iterable<string> {
  let chunk = ''
  for (const line of lines) {
    chunk += line
    if (chunk.length >= COPY_CHUNK) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

function statements(runner: pg.Pool | pg.PoolClient): Sql {
  return {
    query: async <Row extends object>(text: string, values: readonly SqlValue[] = []) =>
      (await runner.query<Row>(text, [...values])).rows,
    rows: async (text, values = []) =>
      (await runner.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows,
    run: async (text, values = []) => (await runner.query(text, [...values])).rowCount ?? 0,
  }
}
