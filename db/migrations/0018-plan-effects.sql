-- What a plan does: its effects on the ledger as drafts, the hold while nothing of it is due, and what is asked for.

alter table plan add column effects jsonb not null default '[]';
alter table plan add column hold_id bigint;
alter table plan add column hold_until_on date;
alter table plan add foreign key (borrower_id, hold_id) references hold;
create index plan_by_hold on plan (borrower_id, hold_id);
comment on column plan.effects is 'Drafts of the ledger events of its acceptance and of its being kept, as they were agreed.';
comment on column plan.hold_until_on is 'Collection rests until this day: nothing of the plan is due before.';
alter table plan_effect add column draft jsonb not null default '{}';
comment on column plan_effect.draft is 'The draft that the event was recorded from.';

alter table collection_case add column asked_minor bigint check (asked_minor > 0);
alter table collection_case add column asked_on date;
alter table collection_case add constraint asked_is_whole check ((asked_minor is null) = (asked_on is null));
comment on column collection_case.asked_minor is 'What is asked for instead of the arrears: the next part of a running plan, due on asked_on.';

alter table attempt add column trigger_ref text;
alter table attempt add column sealed_facts bytea;
comment on column attempt.trigger_ref is 'The record that a service message answers; without one it is refused.';
comment on column attempt.sealed_facts is 'What a service message says beside the facts of the case, sealed.';

create index plan_code_by_plan on plan_code (plan_id);
