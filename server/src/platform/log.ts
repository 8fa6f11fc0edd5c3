import { type Logger, pino } from 'pino'

/** One method per thing worth telling an operator: codes, ids and counts, never a person's data. */
export type Log = {
  readonly started: (what: string, fields?: LogFields) => void
  readonly finished: (what: string, fields?: LogFields) => void
  /** Something failed that will be tried again or needs a person. */
  readonly failed: (what: string, error: unknown, fields?: LogFields) => void
}
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export function createLog(level: string): Log {
  const logger: Logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  return {
    started: (what, fields = {}) => logger.info(fields, `${what} started`),
    finished: (what, fields = {}) => logger.info(fields, `${what} finished`),
    failed: (what, error, fields = {}) =>
      logger.error({ ...fields, ...describe(error) }, `${what} failed`),
  }
}

/** Name, code and place of an error. Its message stays out: a driver may quote values in it. */
function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const [, place = ''] = error.stack?.split('\n    at ') ?? []
  return { error: error.name, code, place }
}
