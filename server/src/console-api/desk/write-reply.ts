import { deskLint, deskReply } from '@dunlin/contract'
import { lintContent } from '@dunlin/policy'
import { askContact, toVerdict } from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { mustWork, reachCase } from './reach-case.ts'
import { mustBeAgent } from './work-call.ts'

/** Written words: linted while they are typed, and asked of the gate, which alone decides whether they go out. */
export function routeWriteReply(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, deskLint, async ({ asker, idIn, body }) => {
    const row = await reachCase(context, asker, idIn)
    const policy = gate.policyOf(row.packs, row.overlay)
    // Without its packs nothing may be said at all: the gate refuses it when it is sent.
    if (policy === null || body.text.trim() === '') return { findings: [] }
    const question = {
      text: body.text,
      channel: body.channel,
      purpose: 'collect',
      kind: 'reply',
      language: row.language === 'en' ? 'en' : 'zh-CN',
    } as const
    const findings = lintContent(policy, question)
      // What the sending template adds around the words is not missing from them.
      .filter(({ start, end }) => end > start)
      .map(({ rule, blocks, start, end, title, mend, cite }) => ({
        ...{ rule, blocks, start, end, source: `${cite.instrument}${cite.basis}` },
        title: { ...title },
        mend: { ...mend },
      }))
    return { findings }
  })
  serve(app, context, deskReply, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const agentId = mustBeAgent(asker)
    const { channel, text, template } = body
    if ((text === undefined) === (template === undefined))
      throw new Problem('request.invalid', 'give a text or a template', 'text')
    const accounts = (await listAccounts(db)).filter((each) => each.collectionContent)
    const carriers = new Set(accounts.map((each) => each.channel))
    return db.transaction(async (tx) => {
      await mustWork(context, tx, { asker, borrowerId: row.borrower_id })
      const asked = await askContact(tx, gate, {
        ...{ caseId: row.case_id, channel, contactPointId: null, at, carriers },
        template: template ?? `reply-${channel}`,
        reply: text === undefined ? null : { agentId, text },
      })
      if (!asked.ok)
        throw new Problem(asked.refusal.code, asked.refusal.detail, asked.refusal.field)
      const { attemptId, verdict } = asked.value
      return { attemptId, now: verdict === null ? null : toVerdict(verdict) }
    })
  })
}
