-- Numbers of registered letters, each for one permit.

create table letter (
  provider_account_id bigint not null references provider_account,
  permit_id uuid not null,
  number integer not null,
  reserved_at timestamptz not null,
  primary key (provider_account_id, number),
  unique (permit_id)
);
comment on table letter is 'The number of a registered item, kept before the letter is made: a permit has one and no number has two.';
