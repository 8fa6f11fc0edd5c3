-- Deals are kept with what they were made by, so that one can be shown to have been fair, and undone; a case given
-- back to nobody is a move like any other.

create table deal (
  deal_id bigint generated always as identity primary key,
  portfolio_id bigint not null references portfolio,
  rule jsonb not null,
  seed bigint not null,
  digest bytea not null check (length(digest) = 32),
  cases integer not null check (cases >= 0),
  left_over integer not null check (left_over >= 0),
  dealt_by text not null,
  dealt_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  check ((undone_by is null) = (undone_at is null))
);
create index deal_by_portfolio on deal (portfolio_id);
comment on table deal is 'Cases that nobody had, given to many agents at once: by which rule, seed and hand. The same book, rule and seed give the same digest.';

alter table assignment add column deal_id bigint references deal;
alter table assignment alter column agent_id drop not null;
alter table assignment add constraint assignment_to_nobody check (agent_id is not null or to_at = from_at);
create index assignment_by_deal on assignment (deal_id);
create index assignment_by_id on assignment (assignment_id);
comment on column assignment.agent_id is 'Null: the case was given back to nobody, by whom and why.';
comment on column assignment.deal_id is 'The deal that gave it; null: it was moved by hand.';
