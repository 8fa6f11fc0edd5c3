-- The book: who owes what, as events that replay. Personal data is sealed; keyed hashes find it.

create table borrower (
  borrower_id bigint generated always as identity primary key,
  lender text not null,
  borrower_no text not null,
  sealed bytea not null,
  key_salt bytea,
  id_no_hash bytea,
  person_hash bytea not null,
  country text not null,
  region text,
  zones text[] not null,
  language text not null,
  born_on date,
  status text not null default 'alive' check (status in ('alive', 'deceased')),
  capacity text not null default 'full' check (capacity in ('full', 'limited', 'none')),
  unreachable_since timestamptz,
  is_demo boolean not null default false,
  unique (lender, borrower_no)
);
comment on table borrower is 'The person who owes. One row is the lock under which every contact of that person is decided.';
comment on column borrower.key_salt is 'Random; the key of this person''s evidence payloads is derived from it. Erasure deletes it.';
comment on column borrower.person_hash is 'Keyed hash of the sealed fields: an unchanged person is recognised and not sealed again.';

create table party (
  borrower_id bigint not null references borrower,
  party_id bigint generated always as identity,
  relation text not null,
  sealed bytea not null,
  person_hash bytea not null,
  zones text[],
  primary key (borrower_id, party_id),
  unique (borrower_id, relation, person_hash)
);
comment on table party is 'Anyone but the borrower who is reachable on the case: co-borrower, guarantor, reserved contact, attorney.';

create table contact_point (
  borrower_id bigint not null references borrower,
  contact_point_id bigint generated always as identity,
  party_id bigint,
  kind text not null check (kind in ('phone', 'email', 'wecom', 'address', 'push')),
  sealed bytea not null,
  value_hash bytea not null,
  masked text not null,
  source text not null default 'unknown',
  health text not null default 'ok' check (health in ('ok', 'suspect', 'dead', 'wrong-person', 'recycled')),
  is_work boolean not null default false,
  zones text[],
  primary key (borrower_id, contact_point_id),
  foreign key (borrower_id, party_id) references party
);
comment on table contact_point is 'One phone number, address or account; party_id null means the borrower''s own.';
create unique index contact_point_once on contact_point (borrower_id, kind, value_hash, coalesce(party_id, 0));
create index contact_point_by_value on contact_point (value_hash, kind);
create index contact_point_by_party on contact_point (borrower_id, party_id);

create table consent (
  borrower_id bigint not null references borrower,
  consent_id bigint generated always as identity,
  party_id bigint,
  kind text not null,
  channel text,
  from_at timestamptz,
  to_at timestamptz,
  given_to text,
  hours text[],
  is_tainted boolean not null default false,
  evidence text,
  primary key (borrower_id, consent_id)
);
comment on table consent is 'What the person agreed to, to whom, and until when.';

create table import_job (
  import_job_id bigint generated always as identity primary key,
  kind text not null,
  portfolio_id bigint not null references portfolio,
  file_name text not null,
  as_of date,
  is_dry_run boolean not null,
  state text not null check (state in ('running', 'done', 'failed')),
  rows_read bigint not null default 0,
  rows_created bigint not null default 0,
  rows_changed bigint not null default 0,
  rows_unchanged bigint not null default 0,
  rows_rejected bigint not null default 0,
  reject_file text,
  error text,
  started_at timestamptz not null,
  ended_at timestamptz
);
create index import_job_by_portfolio on import_job (portfolio_id);
comment on table import_job is 'One run of dunlin import or POST /imports.';

create table import_reject (
  import_job_id bigint not null references import_job,
  line bigint not null,
  code text not null,
  column_name text,
  masked_value text,
  reason text not null
);
create index import_reject_by_job on import_reject (import_job_id, line);
comment on table import_reject is 'A row that did not load and why; personal values are masked.';

create table loan (
  borrower_id bigint not null references borrower,
  loan_id bigint generated always as identity,
  portfolio_id bigint not null references portfolio,
  product_id bigint references product,
  loan_no text not null,
  currency text not null,
  disbursed_on date,
  maturity_on date,
  instalments_total integer,
  instalments_paid integer,
  row_hash bytea,
  snapshot_on date,
  folded_on date,
  next_change_on date,
  status text not null default 'pending',
  oldest_unpaid_due_on date,
  ages_from_on date,
  held_dpd integer,
  arrears_principal_minor bigint not null default 0,
  arrears_interest_minor bigint not null default 0,
  arrears_fee_minor bigint not null default 0,
  arrears_penalty_minor bigint not null default 0,
  outstanding_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  next_due_on date,
  next_due_minor bigint not null default 0,
  is_snapshot_only boolean not null default true,
  needs_sync boolean not null default true,
  wakes_on date,
  primary key (borrower_id, loan_id)
);
comment on table loan is 'The contract, and the fold of its events until next_change_on. DPD and stage are functions of it and the day.';
comment on column loan.ages_from_on is 'On a day D before next_change_on: DPD = max(0, D − ages_from_on) unless held_dpd is set; null when nothing is past due.';
comment on column loan.held_dpd is 'DPD while a pause runs: it stands still until next_change_on.';
comment on column loan.next_change_on is 'First day on which the numbers may change without a new event; null when none will.';
comment on column loan.is_snapshot_only is 'No other events than snapshots: the import computes the fold itself, set-based.';
comment on column loan.needs_sync is 'Changed since its case last looked; the cycle clears it.';
create index loan_to_sync on loan (borrower_id) where needs_sync;
comment on column loan.wakes_on is 'The day on which a case must be opened for it, when none is open yet.';
create index loan_to_wake on loan (wakes_on) where wakes_on is not null;
create unique index loan_once on loan (portfolio_id, loan_no);
create index loan_due_for_fold on loan (next_change_on) where next_change_on is not null;
create index loan_by_product on loan (product_id);

create table instalment (
  borrower_id bigint not null,
  loan_id bigint not null,
  seq integer not null,
  due_on date not null,
  outstanding_minor bigint not null,
  paid_minor bigint not null,
  waived_minor bigint not null,
  cleared_on date,
  primary key (borrower_id, loan_id, seq),
  foreign key (borrower_id, loan_id) references loan
);
comment on table instalment is 'The due parts of a loan as its last fold left them; currency is the loan''s.';

create table ledger_event (
  borrower_id bigint not null,
  loan_id bigint not null,
  event_no text not null,
  kind text not null check (kind in ('disbursed', 'scheduled', 'due-moved', 'fee', 'penalty', 'waived', 'paid',
    'reversed', 'paused', 'resumed', 'written-off', 'snapshot')),
  effective_on date,
  recorded_at timestamptz,
  seq integer,
  component text,
  reverses text,
  due_on date,
  to_on date,
  until_on date,
  amount_minor bigint,
  principal_minor bigint,
  interest_minor bigint,
  fee_minor bigint,
  penalty_minor bigint,
  overdue_principal_minor bigint,
  credit_minor bigint,
  oldest_unpaid_due_on date,
  source text not null default 'file',
  primary key (borrower_id, loan_id, event_no),
  foreign key (borrower_id, loan_id) references loan
);
comment on table ledger_event is 'What happened to a loan, never edited: a correction is another event. For a snapshot principal_minor is what is outstanding, the others and overdue_principal_minor what is overdue.';
create trigger ledger_event_append_only before update or delete on ledger_event
  for each row execute function forbid_change();
