import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileTemplate, type MessageTemplate } from '../model/templates.ts'
import { firstBlocking } from './lint-template.ts'

const TEMPLATES = join(import.meta.dirname, '../../../../strategies/templates')

/** Every template of the folder by id; throws an error that names the file. */
export async function loadTemplates(
  folder: string = TEMPLATES,
): Promise<ReadonlyMap<string, MessageTemplate>> {
  const templates = new Map<string, MessageTemplate>()
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml'))) {
    try {
      const template = compileTemplate(parse(await readFile(join(folder, name), 'utf8')))
      const finding = firstBlocking(template)
      if (finding !== null) throw new Error(finding)
      templates.set(template.id, template)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`strategies/templates/${name}: ${reason}`, { cause: error })
    }
  }
  return templates
}

/** The text of a shipped template, to start a draft from; null when none of that id is shipped. */
export async function shippedSource(id: string): Promise<string | null> {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return null
  return readFile(join(TEMPLATES, `${id}.yaml`), 'utf8').catch(() => null)
}
