import type { Say } from '@dunlin/ui'
import type { EvidenceKey } from './evidence-texts.ts'

/** A problem in the reader's language; `decisionId` is what its page is found by. */
export type ToldProblem = { readonly text: string; readonly decisionId: string | null }

/** How the verifier names what it finds; `at` is what it names. */
const KNOWN = [
  [/^decision (?<at>\d+-\d+): (?<part>\w+) of the row is not that of its leaf$/, 'found.column'],
  [/^decision (?<at>\d+-\d+): its leaf cannot be read$/, 'found.leaf'],
  [/^decision (?<at>\d+-\d+): its facts cannot be opened$/, 'found.facts'],
  [/^decision (?<at>\d+-\d+): (?<part>\w+) differ from what was committed to$/, 'found.commitment'],
  [/^decision (?<at>\d+-\d+): deciding again gives another answer$/, 'found.answer'],
  [/^batch (?<at>\d+): its leaves do not give its root$/, 'found.root'],
  [/^batch (?<at>\d+) was changed$/, 'found.batch'],
  [/^batch (?<at>\d+) does not follow the one before it$/, 'found.link'],
  [/^batch (?<at>\d+) is not signed by the key$/, 'found.signature'],
  [/^the head (?<at>\w+) is not in the chain$/, 'found.head'],
] as const

/** What is not known here is shown as the verifier said it: nothing that was found may be hidden. */
export function tellProblem(problem: string, say: Say<EvidenceKey>): ToldProblem {
  for (const [pattern, key] of KNOWN) {
    const groups = pattern.exec(problem)?.groups
    if (groups === undefined) continue
    const { at = '', part = '' } = groups
    const decisionId = problem.startsWith('decision') ? at : null
    return { text: say(key, { at, part: partIn(part, say) }), decisionId }
  }
  return { text: problem, decisionId: null }
}

const PARTS = [
  ...(['decision', 'borrower', 'attempt', 'case', 'verdict', 'rules', 'policy'] as const),
  ...(['facts', 'intent', 'answer'] as const),
]

function partIn(name: string, say: Say<EvidenceKey>): string {
  const known = PARTS.find((each) => each === name)
  return known === undefined ? name : say(`part.${known}`)
}
