import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { lintTemplate } from './lint-template.ts'
import { compileTemplate, type MessageTemplate } from './model/templates.ts'

const TEMPLATES = join(import.meta.dirname, '../../../strategies/templates')

/** Every template of the folder by id; throws an error that names the file. */
export async function loadTemplates(
  folder: string = TEMPLATES,
): Promise<ReadonlyMap<string, MessageTemplate>> {
  const templates = new Map<string, MessageTemplate>()
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml'))) {
    try {
      const template = compileTemplate(parse(await readFile(join(folder, name), 'utf8')))
      lintTemplate(template)
      templates.set(template.id, template)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`strategies/templates/${name}: ${reason}`, { cause: error })
    }
  }
  return templates
}
