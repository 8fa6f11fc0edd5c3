import type { Dialogue } from './dialogue.ts'

const HEAD = /^\[([a-z][a-z-]*)\]$/

/** The sections of a robot call's text: a name in brackets on a line of its own, then what is said. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>()
  let name: string | null = null
  for (const line of text.split('\n')) {
    const head = HEAD.exec(line.trim())?.[1]
    if (head !== undefined) name = head
    else if (name !== null) sections.set(name, `${sections.get(name) ?? ''} ${line}`.trim())
  }
  return sections
}

/** Facts of a debt: words with them are for the borrower alone. */
const DEBT_FACTS = /\{\{[^}]*\b(?:amount|dpd|deadline|portalUrl|reply|code|reference)\b/

/**
 * What is wrong with a template's text as the script of a dialogue; empty when a call can be held with it: every
 * state has its words, and none that anybody may hear names a fact of the debt.
 */
export function scriptProblems(dialogue: Dialogue, text: string): readonly string[] {
  const sections = sectionsOf(text)
  return Object.entries(dialogue.states).flatMap(([name, { says = name, debt }]) => {
    const words = sections.get(says)
    if (words === undefined || words === '') return [`[${says}] is missing`]
    return !debt && DEBT_FACTS.test(words) ? [`[${says}] may be heard by anybody`] : []
  })
}
