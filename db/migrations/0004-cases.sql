-- The open collection of one borrower, what stops it, and what was promised.

create table strategy_version (
  strategy_version_id bigint generated always as identity primary key,
  name text not null,
  hash text not null,
  document jsonb not null,
  published_at timestamptz not null,
  unique (name, hash)
);
comment on table strategy_version is 'Every ladder that ever planned a step, whole.';

create table collection_case (
  borrower_id bigint not null references borrower,
  case_id bigint generated always as identity,
  portfolio_id bigint not null references portfolio,
  lender text not null,
  currency text not null,
  state text not null check (state in ('open', 'closed')),
  opened_on date not null,
  closed_on date,
  close_reason text check (close_reason in ('cured', 'closed', 'withdrawn')),
  strategy_version_id bigint references strategy_version,
  ages_from_on date,
  held_dpd integer,
  arrears_minor bigint not null default 0,
  next_due_on date,
  next_due_minor bigint not null default 0,
  noted_stage text,
  last_step text,
  last_step_on date,
  next_step text,
  next_step_on date,
  primary key (borrower_id, case_id),
  check ((state = 'closed') = (closed_on is not null))
);
comment on table collection_case is 'One open per lender, borrower and currency. Its numbers are copied from its loans when they change; next_step_on says when it next needs work.';
comment on column collection_case.noted_stage is 'The stage last announced, to tell a re-staging; the stage itself is a function of the day.';
create unique index collection_case_one_open on collection_case (borrower_id, lender, currency) where state = 'open';
create index collection_case_due on collection_case (next_step_on, borrower_id, case_id) where state = 'open' and next_step_on is not null;
create index collection_case_by_portfolio on collection_case (portfolio_id);
create index collection_case_by_strategy on collection_case (strategy_version_id);

create table hold (
  borrower_id bigint not null references borrower,
  hold_id bigint generated always as identity,
  kind text not null,
  party_id bigint,
  channel text,
  contact_point_id bigint,
  debts bigint[],
  hours text[],
  days text[],
  place text,
  from_at timestamptz not null,
  to_at timestamptz,
  reason text not null,
  source text not null,
  recorded_at timestamptz not null,
  primary key (borrower_id, hold_id),
  check (to_at is null or to_at >= from_at)
);
comment on table hold is 'A reason not to contact: kind, scope, start, end. Ending one sets to_at; nothing is deleted.';

create table promise (
  borrower_id bigint not null references borrower,
  promise_id bigint generated always as identity,
  case_id bigint not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  due_on date not null,
  grace_days integer not null default 0,
  source text not null,
  state text not null check (state in ('open', 'kept', 'part-kept', 'broken', 'superseded', 'cancelled')),
  made_at timestamptz not null,
  decided_on date,
  primary key (borrower_id, promise_id),
  foreign key (borrower_id, case_id) references collection_case
);
create index promise_by_case on promise (borrower_id, case_id);
comment on table promise is 'One sum on one date; the ledger decides whether it was kept.';
