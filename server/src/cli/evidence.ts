import type { Verification } from '../contact/index.ts'
import { type ExportOptions, exportEvidence, verifyAll, verifyExport } from '../contact/index.ts'
import { EXIT, type Io } from './io.ts'

/** `dunlin evidence export CASE --out DIR`. */
export async function runEvidenceExport(
  options: Extract<ExportOptions, { caseId: string }>,
  io: Io,
): Promise<number> {
  const decisions = await exportEvidence(options)
  io.out(`${decisions} decisions of case ${options.caseId} in ${options.folder}`)
  return EXIT.ok
}

/** `dunlin evidence verify DIR [--head HASH]`: offline, from the files alone. */
export async function runEvidenceVerify(
  folder: string,
  { head, json, io }: { head?: string | undefined; json: boolean; io: Io },
): Promise<number> {
  return report(await verifyExport(folder, head), { json, io })
}

/** `dunlin evidence verify --all`: the whole log of the database. */
export async function runEvidenceVerifyAll(
  { db, sealer, signer }: Pick<ExportOptions, 'db' | 'sealer' | 'signer'>,
  { json, io }: { json: boolean; io: Io },
): Promise<number> {
  return report(await verifyAll(db, { sealer, publicKey: signer.publicKey }), { json, io })
}

function report(found: Verification, { json, io }: { json: boolean; io: Io }): number {
  const { decisions, erased, papers, head, problems } = found
  if (json) io.out(JSON.stringify(found))
  else {
    for (const problem of problems) io.out(problem)
    io.out(
      `${decisions} decisions, ${erased} payloads erased, ${papers} documents, ${problems.length} problems`,
    )
    if (head !== null) io.out(`tamper-evident up to batch ${head.sequence}, ${head.hash}`)
  }
  return problems.length === 0 ? EXIT.ok : EXIT.problems
}
