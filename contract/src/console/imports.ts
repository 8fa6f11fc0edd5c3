import { z } from 'zod'
import { importReport, importResponse } from '../responses.ts'
import { noQuery, reads } from './endpoint.ts'

// Portfolios, and the files that fill them.

const IMPORT_KINDS = ['loans', 'schedule', 'ledger', 'contacts', 'consents', 'history'] as const
export const IMPORT_STATES = ['running', 'done', 'failed'] as const

const importItem = importReport.omit({ rejects: true }).extend({
  portfolio: z.string(),
  /** Of the file's bytes, how many were read; of use while it runs. */
  percent: z.int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
})
export type ImportItem = z.infer<typeof importItem>

export const listPortfolios = reads('GET /console-api/portfolios', 'portfolio.manage', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        name: z.string(),
        lender: z.string(),
        country: z.string(),
        currency: z.string(),
        packs: z.array(z.string()),
        strategy: z.string(),
        loans: z.int(),
        openCases: z.int(),
        /** Of open cases. */
        arrearsMinor: z.int(),
        /** When a file was last loaded; null: never. */
        importedAt: z.string().nullable(),
      }),
    ),
  }),
})

export const listImports = reads('GET /console-api/imports', 'portfolio.manage', {
  query: z.strictObject({
    portfolio: z.string().max(200).optional(),
    kind: z.enum(IMPORT_KINDS).optional(),
    state: z.enum(IMPORT_STATES).optional(),
    cursor: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  answer: z.strictObject({ items: z.array(importItem), nextCursor: z.string().nullable() }),
})

export const readImport = reads('GET /console-api/imports/:importId', 'portfolio.manage', {
  query: noQuery,
  answer: importItem,
})

/** Rows that did not load, in the order of the file; all of them are in the reject file. */
export const listRejects = reads('GET /console-api/imports/:importId/rejects', 'portfolio.manage', {
  query: z.strictObject({
    cursor: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  answer: z.strictObject({
    items: importReport.shape.rejects,
    nextCursor: z.string().nullable(),
  }),
})

/** What `POST /console-api/imports` answers: a form with the fields of an import and its file. */
export const importStarted = importResponse
export type ImportStartedAnswer = z.infer<typeof importStarted>

export const IMPORT_ENDPOINTS = [listPortfolios, listImports, readImport, listRejects] as const
