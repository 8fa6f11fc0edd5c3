-- Settings of rulings 15 (dunlin apply): who lends, what is lent, through whom contacts go out, who acts.

create table portfolio (
  portfolio_id bigint generated always as identity primary key,
  name text not null unique,
  lender text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  zones text[] not null check (cardinality(zones) > 0),
  packs text[] not null check (cardinality(packs) > 0),
  overlay text,
  holidays text,
  collector_role text not null check (collector_role in ('debt-collector', 'original-creditor', 'servicer-current')),
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  strategy text not null,
  contact_line text not null,
  complaint_line text not null
);
comment on table portfolio is 'A lender''s book under one law: country, currency, packs, strategy and the lines its messages must give.';

create table product (
  product_id bigint generated always as identity primary key,
  portfolio_id bigint not null references portfolio,
  name text not null,
  options jsonb not null default '{}',
  unique (portfolio_id, name)
);
comment on table product is 'Options of the ledger (allocation, prepayment, grace, stages) for one kind of loan.';

create table provider_account (
  provider_account_id bigint generated always as identity primary key,
  name text not null unique,
  channel text not null,
  adapter text not null check (adapter in ('smpp', 'smtp', 'sink')),
  settings jsonb not null default '{}',
  sealed_secrets bytea,
  collection_content boolean not null,
  is_enabled boolean not null default true
);
comment on table provider_account is 'An account at a provider, and which content its terms let it carry.';

create table agency (
  agency_id bigint generated always as identity primary key,
  name text not null unique,
  is_listed boolean not null
);
comment on table agency is 'An outside collections agency; is_listed says whether it stands on the published list.';

create table team (
  team_id bigint generated always as identity primary key,
  name text not null unique
);
comment on table team is 'Agents who share work.';

create table agent (
  agent_id bigint generated always as identity primary key,
  login text not null unique,
  display_name text not null,
  team_id bigint references team,
  agency_id bigint references agency,
  certified_until_on date,
  trained_on date
);
create index agent_by_team on agent (team_id);
create index agent_by_agency on agent (agency_id);
comment on table agent is 'A person who contacts borrowers. Without a certificate in force the gate refuses.';

create table api_key (
  api_key_id bigint generated always as identity primary key,
  name text not null unique,
  key_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
comment on table api_key is 'Bearer keys for integrators; only the hash is kept.';
