import type { Database } from '../../../server/src/platform/db/index.ts'
import { createTestSealer } from '../../../server/src/platform/seal/index.ts'
import { seedCases } from '../book/seed-cases.ts'

const AGENTS_PER_TEAM = 10
/** As many as one person can know; the rest of the book is worked by messages until somebody is given it. */
const CASES_PER_AGENT = 1000
const PAST_EVENTS = 20
/** Cases that agents open in the bench have a past; the book around them is what it costs to find them in. */
export const OPENED = 20_000

/** A book of open cases in all stages and amounts, and the agents who are given some of it. */
export async function seedDesk(
  db: Database,
  { cases, agents }: { cases: number; agents: number },
): Promise<void> {
  const sealer = createTestSealer()
  const sealed = {
    person: sealer.seal(JSON.stringify({ name: '示例' })),
    phone: sealer.seal('+8619900001234'),
  }
  await seedCases(db, { cases, due: cases / 10, sealed })
  await db.run(
    `update collection_case set arrears_minor = 1000 + borrower_id * 7919 % 5000000, opened_on = opened_on - (borrower_id * 31 % 400)::integer,
       noted_stage = (array['S1', 'S2', 'S3', 'M2', 'M3', 'M4'])[1 + borrower_id % 6]`,
  )
  await db.run(
    `insert into team (name) select 'team ' || n from generate_series(0, $1::integer / ${AGENTS_PER_TEAM}) n`,
    [agents - 1],
  )
  await db.run(
    `insert into agent (login, display_name, team_id, certified_until_on)
     select 'agent' || n, 'agent ' || n, (select team_id from team where name = 'team ' || n / ${AGENTS_PER_TEAM}), '2099-12-31'
     from generate_series(0, $1::integer) n`,
    [agents - 1],
  )
  await db.run(
    `insert into assignment (borrower_id, case_id, agent_id, from_at, reason, assigned_by)
     select c.borrower_id, c.case_id, (select min(agent_id) from agent) + c.borrower_id % $1, '2026-05-20', 'even', 'bench'
     from collection_case c where c.borrower_id <= $1 * $2`,
    [agents, CASES_PER_AGENT],
  )
  await seedPast(db)
  await db.run('vacuum (analyze)')
}

/** A month of messages, and what the timeline shows of them, for the cases that are opened. */
async function seedPast(db: Database): Promise<void> {
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose, state, at, line,
       permit_id, actor_kind)
     select c.borrower_id, '2026-05-10'::date + n, c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect', 'sent',
       '2026-05-10 03:00+00'::timestamptz + n * interval '1 day', 'delivered', gen_random_uuid(), 'robot'
     from collection_case c join contact_point p using (borrower_id) cross join generate_series(1, ${PAST_EVENTS}) n
     where c.borrower_id <= ${OPENED}`,
  )
  await db.run(
    `insert into outbox (borrower_id, event, payload, recorded_at, published_at)
     select borrower_id, 'contact.delivered', '{"channel":"sms"}', '2026-05-10 03:00+00'::timestamptz + n * interval '1 day', now()
     from generate_series(1, ${OPENED}) borrower_id cross join generate_series(1, ${PAST_EVENTS}) n`,
  )
}
