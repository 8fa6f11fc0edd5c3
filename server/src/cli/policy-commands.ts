import { type Command, CommanderError } from 'commander'
import type { World } from '../main.ts'
import { EXIT, type Io } from './io.ts'

type Shell = {
  readonly io: Io
  readonly isJson: () => boolean
  readonly withWorld: (work: (world: World) => Promise<number>) => Promise<void>
}
type ExplainOptions = { decision?: string; attempt?: string; page?: string }

/** `dunlin policy …`: the rules themselves. */
export function addPolicyCommands(program: Command, { io, isJson, withWorld }: Shell): void {
  const policy = program.command('policy').description('the rules')
  policy
    .command('check <files...>')
    .description('run vectors')
    .action(async (files: string[]) => {
      const { runPolicyCheck } = await import('./policy.ts')
      process.exitCode = await runPolicyCheck(files, { json: isJson(), io })
    })
  policy
    .command('explain [file]')
    .description('decide one vector, or tell a decision that was made, and why')
    .option('--decision <id>', 'a decision, BORROWER-DECISION')
    .option('--attempt <id>', 'the last decision about an attempt, BORROWER-ATTEMPT')
    .option('--page <language>', 'a page of HTML in zh or en instead of lines')
    .action(async (file: string | undefined, given: ExplainOptions) => {
      const { runExplainDecision, runPolicyExplain } = await import('./explain.ts')
      const options = { json: isJson(), io, page: toLanguage(given.page) }
      if (file !== undefined) process.exitCode = runPolicyExplain(file, options)
      else if (given.decision === undefined && given.attempt === undefined)
        throw new CommanderError(EXIT.usage, 'explain', 'name a FILE, --decision or --attempt')
      else await withWorld((world) => runExplainDecision(world, given, options))
    })
  policy
    .command('lint <file>')
    .description('lint a message, - for standard input')
    .action(async (file: string) => {
      const { runPolicyLint } = await import('./policy-lint.ts')
      process.exitCode = runPolicyLint(file, { json: isJson(), io })
    })
  policy
    .command('diff <first> <second>')
    .description('what each forbids that the other permits; packs joined by +')
    .action(async (first: string, second: string) => {
      const { runPolicyDiff } = await import('./policy.ts')
      process.exitCode = runPolicyDiff(first, second, { json: isJson(), io })
    })
  policy
    .command('list [packs...]')
    .description('rules with their sources')
    .action(async (packs: string[]) => {
      const { runPolicyList } = await import('./policy.ts')
      process.exitCode = runPolicyList(packs, { json: isJson(), io })
    })
}

function toLanguage(word: string | undefined): 'zh' | 'en' | undefined {
  if (word === undefined || word === 'zh' || word === 'en') return word
  throw new CommanderError(EXIT.usage, 'page', `a page is in zh or en, not ${word}`)
}
