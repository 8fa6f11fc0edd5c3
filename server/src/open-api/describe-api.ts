import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, refused } from '@dunlin/kernel'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { createImporter, paymentLedger } from '../loanbook/index.ts'
import { createMerchants } from '../payments/index.ts'
import { openDatabase } from '../platform/db/index.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner } from '../platform/evidence/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { buildApi } from './index.ts'

const documentSchema = z
  .object({
    paths: z.record(
      z.string(),
      z.record(
        z.string(),
        z
          .object({
            summary: z.string(),
            security: z.array(z.unknown()).optional(),
            'x-scope': z.string().optional(),
            responses: z.record(z.string(), z.object({ description: z.string() }).loose()),
          })
          .loose(),
      ),
    ),
  })
  .loose()

export type ApiDocument = z.infer<typeof documentSchema>

/** The API's own document, from its routes; no database is asked. */
export async function openApiDocument(version: string): Promise<ApiDocument> {
  const folder = mkdtempSync(join(tmpdir(), 'dunlin-generate-'))
  const db = openDatabase({ url: 'postgres://127.0.0.1:1/none' })
  const sealer = createTestSealer()
  const reactions = createReactions()
  const clock = { now: () => instant(0) }
  const onFailure = (): void => undefined
  const importer = createImporter({ db, sealer, clock, home: folder, onFailure })
  const merchants = createMerchants({ db, sealer, clock })
  const app = await buildApi({
    db,
    sealer,
    reactions,
    clock,
    gate: { policyOf: () => null, templates: new Map(), sealer, reactions, publicUrl: '' },
    signer: await openEvidenceSigner(join(folder, 'key.pem')),
    home: folder,
    version,
    metrics: new Registry(),
    isDemo: false,
    payments: { db, sealer, clock, reactions, merchants, ledger: paymentLedger(reactions) },
    onTransfer: async () => refused('none is made'),
    unsubscribe: async () => false,
    importer,
    onFailure,
  })
  const document = documentSchema.parse(app.swagger())
  await app.close()
  await db.close()
  rmSync(folder, { recursive: true })
  return document
}
