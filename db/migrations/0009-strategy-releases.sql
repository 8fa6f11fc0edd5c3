-- Strategies as people change them: written by one, released by another, taken back to an earlier one.

create table strategy_draft (
  strategy_draft_id bigint generated always as identity primary key,
  name text not null,
  source text not null,
  document jsonb not null,
  note text not null,
  state text not null check (state in ('draft', 'released', 'rejected')),
  written_by text not null,
  written_at timestamptz not null,
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text,
  constraint reviewed_by_another_person check (reviewed_by is null or reviewed_by <> written_by),
  check ((state = 'draft') = (reviewed_by is null))
);
create index strategy_draft_by_name on strategy_draft (name, strategy_draft_id);
comment on table strategy_draft is 'A ladder as somebody wrote it (YAML) and as it was read; another person releases or rejects it.';

create table strategy_release (
  strategy_release_id bigint generated always as identity primary key,
  name text not null,
  strategy_version_id bigint not null references strategy_version,
  strategy_draft_id bigint references strategy_draft,
  released_by text not null,
  released_at timestamptz not null,
  reason text not null
);
create index strategy_release_by_name on strategy_release (name, strategy_release_id desc);
create index strategy_release_by_version on strategy_release (strategy_version_id);
create index strategy_release_by_draft on strategy_release (strategy_draft_id);
comment on table strategy_release is 'Which version of a strategy is in force from when: the last one. Without any the shipped file is. A row without a draft takes an earlier version back. Append-only.';
create trigger strategy_release_append_only before update or delete on strategy_release
  for each row execute function forbid_change();
