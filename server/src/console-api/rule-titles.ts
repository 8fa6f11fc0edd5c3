import { readPack } from '../platform/packs.ts'

const titles = new Map<string, { zh: string; en: string }>()

/** What a rule is called; one that no pack names is called by its id. */
export function titleOf(rule: string): { zh: string; en: string } {
  if (titles.size === 0) {
    for (const id of ['cn', 'lender-default']) {
      for (const each of readPack(id)?.rules ?? []) titles.set(each.id, each.title)
    }
  }
  return titles.get(rule) ?? { zh: rule, en: rule }
}
