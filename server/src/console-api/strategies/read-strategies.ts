import { strategyList, strategyOne } from '@dunlin/contract'
import { stringify } from 'yaml'
import { type App, Problem } from '../../platform/http/index.ts'
import { type DraftRow, listStrategies, readStrategy } from '../../strategy/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { toLadder } from './ladder.ts'

/** Strategies that portfolios follow, and one whole: ladder, versions, drafts. */
export function routeReadStrategies(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, strategyList, async () => {
    const items = []
    for (const { name, portfolios } of await listStrategies(db)) {
      const found = await readStrategy(db, name)
      if (found === null) continue
      const { title, stages, steps } = found.strategy.document
      const openCases = found.versions.reduce((sum, each) => sum + each.openCases, 0)
      const waitingDrafts = found.drafts.filter(({ state }) => state === 'draft').length
      const counts = { stages: stages.length, steps: steps.length, openCases, waitingDrafts }
      items.push({ name, title, portfolios, ...counts })
    }
    return { items }
  })
  serve(app, context, strategyOne, async ({ textIn, asker }) => {
    const name = textIn('name')
    const found = await readStrategy(db, name)
    if (found === null)
      throw new Problem('resource.not_found', `there is no strategy ${name}`, 'name')
    const { strategy, hash, versions, drafts } = found
    const followers = (await listStrategies(db)).find((each) => each.name === name)
    return {
      name,
      portfolios: followers?.portfolios ?? [],
      ladder: toLadder(strategy.document),
      source: stringify(strategy.document, { lineWidth: 110 }),
      hash,
      versions: versions.map((each) => ({ ...each, releases: [...each.releases] })),
      drafts: drafts.map((draft) => toDraft(draft, asker)),
    }
  })
}

function toDraft(
  { draftId, ...draft }: DraftRow,
  asker: Asker,
): Omit<DraftRow, 'draftId'> & { id: string; isMine: boolean } {
  return { id: draftId, ...draft, isMine: draft.writtenBy === asker.email }
}
