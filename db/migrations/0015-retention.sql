-- How long a person's data is kept, who asked for its deletion, and the deletion itself.

alter table portfolio add column retention_years integer not null default 5 check (retention_years between 1 and 30);
comment on column portfolio.retention_years is 'Years after the last thing that happened for which a person''s data is kept (消费金融公司管理办法: five, secondary).';
alter table borrower add column erased_at timestamptz;
comment on column borrower.erased_at is 'Since when nothing of the person is left but numbers; evidence still proves that decisions were made.';

create table erasure (
  borrower_id bigint not null references borrower,
  erasure_id bigint generated always as identity unique,
  asked_by text not null,
  asked_at timestamptz not null,
  earliest_on date not null,
  state text not null check (state in ('waiting', 'done', 'refused')),
  decided_by text,
  decided_at timestamptz,
  reason text,
  primary key (borrower_id, erasure_id),
  constraint decided_by_another_person check (decided_by is null or decided_by <> asked_by),
  check ((state = 'waiting') = (decided_by is null))
);
create unique index erasure_one_waiting on erasure (borrower_id) where state = 'waiting';
create index erasure_waiting on erasure (earliest_on, erasure_id) where state = 'waiting';
comment on table erasure is 'A wish to delete a person''s data, by the person or because its term is over; another person decides, and never before earliest_on.';

-- Rows that are never edited may still lose what is sealed in them: nothing else, and only to nothing.
create function forbid_change_but_erasure() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
    and (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(old)) where key not like 'sealed%')
      = (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(new)) where key not like 'sealed%')
    and not exists (select 1 from jsonb_each_text(to_jsonb(new)) where key like 'sealed%' and value <> '\x')
  then return new; end if;
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
drop trigger matter_step_append_only on matter_step;
create trigger matter_step_append_only before update or delete on matter_step
  for each row execute function forbid_change_but_erasure();
drop trigger plan_agreement_append_only on plan_agreement;
create trigger plan_agreement_append_only before update on plan_agreement
  for each row execute function forbid_change_but_erasure();
