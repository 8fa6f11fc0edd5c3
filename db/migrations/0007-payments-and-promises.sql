-- Payments that providers tell us about, what a promise needs to be judged, and reads of one case by its id.

create table payment_callback (
  payment_callback_id bigint generated always as identity primary key,
  provider_account_id bigint not null references provider_account,
  dedupe_key text not null,
  sealed_body bytea not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  error text,
  unique (provider_account_id, dedupe_key)
);
comment on table payment_callback is 'What a payment provider handed us, byte for byte and once, before it is understood; error says why it could not be booked.';
create index payment_callback_waiting on payment_callback (received_at) where processed_at is null;

alter table promise add column keeps_at_percent integer not null default 100 check (keeps_at_percent between 1 and 100);
alter table promise add column attempt_id bigint;
alter table promise add column made_on date not null;
alter table promise add column known_before_minor bigint not null default 0;
comment on column promise.keeps_at_percent is 'The share of the amount that keeps it, in percent.';
comment on column promise.attempt_id is 'The contact in which it was made; null when the borrower wrote it.';
comment on column promise.made_on is 'The portfolio''s local day of made_at: payments effective from then on count.';
comment on column promise.known_before_minor is 'Payments effective from made_on on that were known already when it was made: they do not count.';
create index promise_open on promise (due_on) where state = 'open';

create index collection_case_by_id on collection_case (case_id);
