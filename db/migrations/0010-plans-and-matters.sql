-- What solves a case: promises in parts, statements of what is affordable, plans with their effect on the
-- ledger, and matters (hardship, dispute, complaint, bereavement, stop) with owner, deadline, decision and appeal.

alter table promise drop column known_before_minor;
alter table promise add column known_before text[] not null default '{}';
alter table promise add column arrears_minor bigint not null default 0 check (arrears_minor >= 0);
alter table promise add column is_read_back boolean not null default false;
alter table promise add column end_reason text;
comment on column promise.known_before is 'Payments (LOAN:EVENT) effective from made_on on that were known already when it was made: they do not count.';
comment on column promise.arrears_minor is 'What was in arrears when it was made; its capped value is the lesser of this and the amount.';
comment on column promise.is_read_back is 'Whether its terms were read back to the borrower before it was recorded.';
comment on column promise.end_reason is 'Why it was cancelled.';

create table promise_part (
  borrower_id bigint not null,
  promise_id bigint not null,
  seq integer not null check (seq > 0),
  due_on date not null,
  amount_minor bigint not null check (amount_minor > 0),
  primary key (borrower_id, promise_id, seq),
  foreign key (borrower_id, promise_id) references promise
);
comment on table promise_part is 'One sum by one day; a promise has at least one. The currency is the promise''s, whose amount is their sum and whose due_on is the last.';
insert into promise_part (borrower_id, promise_id, seq, due_on, amount_minor)
  select borrower_id, promise_id, 1, due_on, amount_minor from promise;

create table matter (
  borrower_id bigint not null references borrower,
  matter_id bigint generated always as identity,
  case_id bigint not null,
  kind text not null check (kind in ('hardship', 'dispute', 'complaint', 'bereavement', 'death', 'third-party-stop',
    'breathing-space')),
  channel text not null check (channel in ('call', 'sms', 'email', 'wecom', 'portal', 'letter', 'visit', 'other')),
  raised_by text not null,
  loan_id bigint,
  state text not null check (state in ('open', 'decided', 'appealed', 'closed')),
  sealed_text bytea not null,
  owner text not null,
  hold_id bigint not null,
  received_at timestamptz not null,
  received_on date not null,
  due_on date not null,
  outcome text check (outcome in ('upheld', 'partly-upheld', 'rejected', 'withdrawn')),
  decided_at timestamptz,
  decided_by text,
  appeal_until_on date,
  primary key (borrower_id, matter_id),
  foreign key (borrower_id, case_id) references collection_case,
  foreign key (borrower_id, hold_id) references hold,
  foreign key (borrower_id, loan_id) references loan,
  check ((outcome is null) = (decided_at is null)),
  check (state in ('open', 'appealed') or outcome is not null)
);
create index matter_by_case on matter (borrower_id, case_id);
create index matter_by_hold on matter (borrower_id, hold_id);
create index matter_by_loan on matter (borrower_id, loan_id);
create unique index matter_by_id on matter (matter_id);
create index matter_waiting on matter (due_on) where state in ('open', 'appealed');
comment on table matter is 'What somebody raised and is owed a decision on. Contact is held from its intake on; a decision carries reasons, and may be appealed against once.';
comment on column matter.hold_id is 'The hold that is or was in force for it; an appeal starts another.';

create table matter_step (
  borrower_id bigint not null,
  matter_id bigint not null,
  step_id bigint generated always as identity,
  kind text not null check (kind in ('received', 'assigned', 'document', 'decided', 'told', 'appealed')),
  at timestamptz not null,
  by text not null,
  sealed_text bytea,
  detail jsonb not null default '{}',
  primary key (borrower_id, matter_id, step_id),
  foreign key (borrower_id, matter_id) references matter
);
comment on table matter_step is 'What happened to a matter, in order; append-only. Words of people are sealed, detail holds ids, codes and dates.';
create trigger matter_step_append_only before update or delete on matter_step
  for each row execute function forbid_change();

create table matter_document (
  borrower_id bigint not null,
  matter_id bigint not null,
  document_id bigint generated always as identity,
  title text not null,
  reference text not null,
  sha256 bytea not null check (length(sha256) = 32),
  added_at timestamptz not null,
  added_by text not null,
  primary key (borrower_id, matter_id, document_id),
  foreign key (borrower_id, matter_id) references matter
);
comment on table matter_document is 'A document of a matter: where it lies, and the hash by which it is known again.';

create view hardship_request as select * from matter where kind = 'hardship';
create view dispute as select * from matter where kind = 'dispute';
create view complaint as select * from matter where kind = 'complaint';
comment on view hardship_request is 'Matters of hardship.';
comment on view dispute is 'Matters that contest the debt.';
comment on view complaint is 'Matters that complain of us.';

create table affordability_statement (
  borrower_id bigint not null references borrower,
  statement_id bigint generated always as identity,
  case_id bigint not null,
  currency text not null,
  norms text not null,
  norms_hash text not null,
  sealed bytea not null,
  surplus_minor bigint not null,
  available_minor bigint not null check (available_minor >= 0),
  made_at timestamptz not null,
  made_on date not null,
  made_by text not null,
  valid_until_on date not null,
  primary key (borrower_id, statement_id),
  foreign key (borrower_id, case_id) references collection_case
);
create index affordability_statement_by_case on affordability_statement (borrower_id, case_id);
create unique index affordability_statement_by_id on affordability_statement (statement_id);
comment on table affordability_statement is 'Income and expenses of a household, sealed, with references to their evidence, and what they leave a month under the norms of the day.';
comment on column affordability_statement.surplus_minor is 'Left a month after expenses; below zero when they exceed the income.';
comment on column affordability_statement.available_minor is 'What can be paid at once, beside the income.';

create table plan (
  borrower_id bigint not null references borrower,
  plan_id bigint generated always as identity,
  case_id bigint not null,
  kind text not null check (kind in ('postponement', 'instalments', 'settlement')),
  scope text not null check (scope in ('arrears', 'outstanding')),
  state text not null check (state in ('awaiting-approval', 'offered', 'active', 'kept', 'broken', 'cancelled', 'declined',
    'expired')),
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  interest_minor bigint not null default 0 check (interest_minor >= 0),
  waived_minor bigint not null default 0 check (waived_minor >= 0),
  waived_by_component bigint[] not null default '{0,0,0,0}',
  effect text not null check (effect in ('none', 'pause', 'amend')),
  grace_days integer not null check (grace_days between 0 and 30),
  broken_after_parts integer not null check (broken_after_parts between 1 and 12),
  statement_id bigint,
  reason text not null,
  owed_minor bigint not null,
  proposed_at timestamptz not null,
  proposed_on date not null,
  proposed_by text not null,
  proposed_role text not null,
  offer_until_on date not null,
  approved_at timestamptz,
  approved_by text,
  accepted_at timestamptz,
  accepted_on date,
  accepted_by text,
  known_before text[] not null default '{}',
  decided_on date,
  end_reason text,
  effects_count integer not null default 0,
  primary key (borrower_id, plan_id),
  foreign key (borrower_id, case_id) references collection_case,
  foreign key (borrower_id, statement_id) references affordability_statement,
  check (approved_by is null or approved_by <> proposed_by),
  check ((state in ('active', 'kept', 'broken')) <= (accepted_at is not null))
);
create index plan_by_case on plan (borrower_id, case_id);
create index plan_by_statement on plan (borrower_id, statement_id);
create unique index plan_by_id on plan (plan_id);
create unique index plan_one_active on plan (borrower_id, case_id) where state = 'active';
create index plan_running on plan (borrower_id) where state = 'active';
create index plan_on_offer on plan (offer_until_on) where state in ('awaiting-approval', 'offered');
comment on table plan is 'An agreed schedule that collection follows. It acts on days past due only through the ledger events of plan_effect.';
comment on column plan.owed_minor is 'What its scope came to when it was proposed.';
comment on column plan.known_before is 'Payments (LOAN:EVENT) effective from accepted_on on that were known already at acceptance: they do not count.';
comment on column plan.waived_by_component is 'Fee, penalty, interest, principal that a kept settlement forgives.';

create view settlement as select * from plan where kind = 'settlement';
comment on view settlement is 'Plans that forgive a part of the debt once they are kept.';

create table plan_part (
  borrower_id bigint not null,
  plan_id bigint not null,
  seq integer not null check (seq > 0),
  due_on date not null,
  amount_minor bigint not null check (amount_minor > 0),
  interest_minor bigint not null default 0 check (interest_minor >= 0),
  primary key (borrower_id, plan_id, seq),
  foreign key (borrower_id, plan_id) references plan
);
comment on table plan_part is 'One sum of a plan by one day, interest included; the currency is the plan''s.';

create table plan_effect (
  borrower_id bigint not null,
  plan_id bigint not null,
  loan_id bigint not null,
  event_no text not null,
  kind text not null,
  part_seq integer,
  undone_by text,
  primary key (borrower_id, plan_id, event_no, loan_id),
  foreign key (borrower_id, plan_id) references plan,
  foreign key (borrower_id, loan_id, event_no) references ledger_event
);
create index plan_effect_by_event on plan_effect (borrower_id, loan_id, event_no);
comment on table plan_effect is 'Ledger events that a plan recorded; undone_by names the one that reverses or ends it.';

create table plan_agreement (
  borrower_id bigint not null,
  plan_id bigint not null,
  sha256 bytea not null check (length(sha256) = 32),
  sealed_pdf bytea not null,
  made_at timestamptz not null,
  primary key (borrower_id, plan_id),
  foreign key (borrower_id, plan_id) references plan
);
alter table plan_agreement alter column sealed_pdf set storage external;
comment on table plan_agreement is 'The agreement that was offered, sealed, byte for byte; what is accepted is its hash.';
create trigger plan_agreement_append_only before update on plan_agreement
  for each row execute function forbid_change();

create table plan_code (
  borrower_id bigint not null,
  plan_id bigint not null,
  code_id bigint generated always as identity,
  code_hash bytea not null,
  sha256 bytea not null,
  attempt_id bigint not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  used_at timestamptz,
  primary key (borrower_id, plan_id, code_id),
  foreign key (borrower_id, plan_id) references plan
);
comment on table plan_code is 'One-time codes to accept a plan, hashed; each is bound to the agreement of its hash, ends, and bears few tries.';
