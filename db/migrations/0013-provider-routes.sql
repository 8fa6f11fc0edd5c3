-- What an account may carry and costs, who stopped it, how it fares, and what each message came to.

alter table provider_account add column service_content boolean not null default true;
alter table provider_account add column one_time_codes boolean not null default true;
alter table provider_account add column cost_per_thousand_minor bigint check (cost_per_thousand_minor >= 0);
alter table provider_account add column cost_currency text check (cost_currency ~ '^[A-Z]{3}$');
alter table provider_account add column stopped_at timestamptz;
alter table provider_account add column stopped_by text;
alter table provider_account add column stop_reason text;
alter table provider_account add constraint a_cost_has_a_currency
  check ((cost_per_thousand_minor is null) = (cost_currency is null));
alter table provider_account add constraint a_stop_says_who_and_why
  check ((stopped_at is null) = (stopped_by is null) and (stopped_at is null) = (stop_reason is null));
comment on column provider_account.cost_per_thousand_minor is 'What a thousand parts cost; null when nobody said.';
comment on column provider_account.stopped_at is 'Since when nothing goes out through it, by a person''s word. It can only forbid.';

alter table attempt add column parts integer check (parts > 0);
alter table attempt add column cost_per_thousand_minor bigint;
alter table attempt add column cost_currency text;
comment on column attempt.parts is 'How many parts the message takes, known before it is sent.';
comment on column attempt.cost_per_thousand_minor is 'The account''s rate when the gate permitted it: the cost is parts × this / 1000.';
create index attempt_by_account on attempt (provider_account_id, at) where permit_id is not null;

create table provider_health (
  provider_account_id bigint not null references provider_account,
  worker text not null,
  is_connected boolean not null,
  state jsonb not null,
  last_error text,
  resting_until timestamptz,
  seen_at timestamptz not null,
  primary key (provider_account_id, worker)
);
comment on table provider_health is 'How each dispatching process last saw an account: connected, resting after failures, and its last trouble. A row that is not renewed is of a process that ended.';
