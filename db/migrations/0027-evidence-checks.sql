-- Verifications that a person asked for in the console: what was looked at, how far it is, and what came of it.

create table evidence_check (
  evidence_check_id bigint generated always as identity primary key,
  kind text not null check (kind in ('log', 'case', 'period')),
  case_id bigint,
  from_on date,
  to_on date,
  portfolio text,
  anchor bytea check (length(anchor) = 32),
  state text not null check (state in ('running', 'done', 'failed')),
  asked_by text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  decisions_total bigint not null,
  decisions bigint not null default 0,
  erased bigint not null default 0,
  head_sequence bigint,
  head_hash bytea,
  problem_count integer not null default 0,
  problems text[] not null default '{}',
  check ((kind = 'case') = (case_id is not null)),
  check ((kind = 'period') = (from_on is not null)),
  check ((from_on is null) = (to_on is null) and from_on <= to_on),
  check ((state = 'running') = (ended_at is null))
);
comment on table evidence_check is 'Verifications of the log or of an export, asked for in the console; one runs at a time.';
comment on column evidence_check.anchor is 'A head that somebody kept elsewhere, which must stand in the chain.';
comment on column evidence_check.seen_at is 'Last sign of life, by the clock on the wall: one that is silent too long counts as failed.';
comment on column evidence_check.problems is 'The first problems in words, of which problem_count says how many there are.';
create unique index evidence_check_one_runs on evidence_check ((true)) where state = 'running';
