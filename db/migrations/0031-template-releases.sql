-- Templates as people change them: written by one, released by another, taken back to an earlier one.

create table template_draft (
  template_draft_id bigint generated always as identity primary key,
  name text not null,
  source text not null,
  note text not null,
  state text not null check (state in ('draft', 'released', 'rejected')),
  written_by text not null,
  written_at timestamptz not null,
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text,
  constraint template_reviewed_by_another_person check (reviewed_by is null or reviewed_by <> written_by),
  check ((state = 'draft') = (reviewed_by is null))
);
create index template_draft_by_name on template_draft (name, template_draft_id);
comment on table template_draft is 'A message as somebody wrote it (YAML); another person releases or rejects it.';

create table template_release (
  template_release_id bigint generated always as identity primary key,
  name text not null,
  template_draft_id bigint references template_draft,
  released_by text not null,
  released_at timestamptz not null,
  reason text not null
);
create index template_release_by_name on template_release (name, template_release_id desc);
create index template_release_by_draft on template_release (template_draft_id);
comment on table template_release is 'Which text of a template is in force from when: the last one. Without any, or without a draft, the shipped file is. Append-only.';
create trigger template_release_append_only before update or delete on template_release
  for each row execute function forbid_change();
