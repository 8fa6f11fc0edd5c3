-- What every domain stands on: audit, outbox, workers, sealed evidence. Nothing here knows what a loan is.

create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create table installation (
  only_one boolean primary key default true check (only_one),
  is_demo boolean not null,
  created_at timestamptz not null
);
comment on table installation is 'One row: whether this is a demo, whose borrowers are never reached through a provider outside this machine.';

create table audit_event (
  audit_event_id bigint generated always as identity primary key,
  recorded_at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
comment on table audit_event is 'Who changed or looked at what; append-only.';
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function forbid_change();

create table outbox (
  outbox_id bigint generated always as identity primary key,
  borrower_id bigint,
  event text not null,
  payload jsonb not null,
  recorded_at timestamptz not null,
  published_at timestamptz
);
comment on table outbox is 'Past-tense events written in the transaction of the change; payloads hold ids, never personal data.';
create index outbox_unpublished on outbox (outbox_id) where published_at is null;
create index outbox_by_borrower on outbox (borrower_id, outbox_id);

create table worker (
  worker_id bigint generated always as identity primary key,
  roles text[] not null,
  started_at timestamptz not null,
  ended_at timestamptz
);
comment on table worker is 'A running dispatcher. It holds the session advisory lock (1, worker_id) while it lives, so that others can tell that it died.';

create table policy_version (
  policy_hash text primary key,
  packs text[] not null,
  document jsonb not null,
  first_used_at timestamptz not null
);
comment on table policy_version is 'Every set of packs a decision was made with, whole, so that it can be decided again.';

create table evidence_batch (
  evidence_batch_id bigint generated always as identity primary key,
  decided_at timestamptz not null,
  leaf_count integer not null check (leaf_count > 0),
  root bytea not null check (length(root) = 32),
  sequence bigint unique,
  previous_hash bytea,
  hash bytea,
  signature bytea,
  sealed_at timestamptz,
  check ((sequence is null) = (hash is null))
);
comment on table evidence_batch is 'One Merkle tree (RFC 6962 hashing) per dispatch transaction; the sealer chains them.';
create index evidence_batch_unsealed on evidence_batch (evidence_batch_id) where sequence is null;

create table idempotency_key (
  key text primary key,
  request_hash text not null,
  status integer,
  body jsonb,
  recorded_at timestamptz not null
);
comment on table idempotency_key is 'Answers already given to a POST, by its Idempotency-Key and caller.';

-- Monthly partitions of a growing table for the months in [from_on, until_on]; safe to call again.
create function ensure_month_partitions(parent regclass, from_on date, until_on date)
returns void language plpgsql as $$
declare
  month_on date := date_trunc('month', from_on)::date;
  child text;
begin
  -- Two programs may ask for the same month at once.
  perform pg_advisory_xact_lock(4707004);
  while month_on <= until_on loop
    child := format('%s_%s', parent::text, to_char(month_on, 'YYYYMM'));
    if to_regclass(child) is null then
      execute format('create table %I partition of %s for values from (%L) to (%L)',
        child, parent, month_on, (month_on + interval '1 month')::date);
      -- Sealed bytes do not compress: a few kilobytes stay in the row instead of being cut up.
      execute format('alter table %I set (toast_tuple_target = 8160)', child);
    end if;
    month_on := (month_on + interval '1 month')::date;
  end loop;
end $$;
