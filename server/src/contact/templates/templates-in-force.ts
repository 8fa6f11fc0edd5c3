import { parse } from 'yaml'
import type { Sql } from '../../platform/db/index.ts'
import { compileTemplate, type MessageTemplate } from '../model/templates.ts'
import { listReleased } from './template-store.ts'

/** Compiled drafts by id: a released text never changes. */
const compiled = new Map<string, MessageTemplate>()

/** The gate with the templates that are in force now: the shipped files, and over them what was released. */
export async function gateInForce<
  Shipped extends { readonly templates: ReadonlyMap<string, MessageTemplate> },
>(sql: Sql, gate: Shipped): Promise<Shipped> {
  const released = await listReleased(sql)
  if (released.length === 0) return gate
  const templates = new Map(gate.templates)
  for (const { name, draftId, source } of released) templates.set(name, compile(draftId, source))
  return { ...gate, templates }
}

/** The ids of the templates that are in force now. */
export async function templateIds(
  sql: Sql,
  gate: { readonly templates: ReadonlyMap<string, MessageTemplate> },
): Promise<ReadonlySet<string>> {
  return new Set((await gateInForce(sql, gate)).templates.keys())
}

function compile(draftId: string, source: string): MessageTemplate {
  const known = compiled.get(draftId)
  if (known !== undefined) return known
  const template = compileTemplate(parse(source))
  compiled.set(draftId, template)
  return template
}
