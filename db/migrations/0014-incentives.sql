-- Incentives: what a kept promise may earn, who allowed it, and what became of it. Off until two people say so.

create table incentive_scene (
  incentive_scene_id bigint generated always as identity primary key,
  provider_account_id bigint not null references provider_account,
  scene text not null check (scene ~ '^[0-9]{4}$'),
  approval_reference text not null,
  approval_sha256 text not null check (approval_sha256 ~ '^[0-9a-f]{64}$'),
  recorded_by text not null,
  recorded_at timestamptz not null,
  unique (provider_account_id, scene)
);
comment on table incentive_scene is 'The provider''s written approval of a transfer scene for one merchant account: without a row here nothing is paid out.';

create table incentive_rule (
  incentive_rule_id bigint generated always as identity primary key,
  portfolio_id bigint not null references portfolio,
  name text not null,
  kind text not null check (kind in ('transfer', 'waiver')),
  incentive_scene_id bigint references incentive_scene,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  budget_minor bigint not null,
  promise_from_minor bigint not null default 0 check (promise_from_minor >= 0),
  from_on date not null,
  until_on date not null check (until_on >= from_on),
  activity text not null,
  reward text not null,
  state text not null default 'draft' check (state in ('draft', 'active', 'ended')),
  proposed_by text not null,
  made_at timestamptz not null,
  unique (portfolio_id, name),
  check (budget_minor >= amount_minor),
  check (kind = 'waiver' or (incentive_scene_id is not null and currency = 'CNY' and amount_minor between 30 and 20000))
);
create index incentive_rule_by_scene on incentive_rule (incentive_scene_id);
comment on table incentive_rule is 'Who (promises of a portfolio from an amount on), what (a transfer or a waiver), up to which budget, for promises made on which days.';
comment on column incentive_rule.reward is 'The declared text: what the borrower gets it for, as it is told to the borrower and to the provider.';

create table incentive_approval (
  incentive_rule_id bigint not null references incentive_rule,
  approved_by text not null,
  approved_at timestamptz not null,
  primary key (incentive_rule_id, approved_by)
);
comment on table incentive_approval is 'Who approved a rule; two different people make it active.';

create function incentive_rule_needs_two() returns trigger language plpgsql as $$
begin
  if new.state = 'active' and
     (select count(*) from incentive_approval where incentive_rule_id = new.incentive_rule_id) < 2 then
    raise exception 'rule % needs the approval of two people', new.incentive_rule_id;
  end if;
  if tg_op = 'UPDATE' and old.state <> 'draft' and
     (new.amount_minor, new.budget_minor, new.kind, new.incentive_scene_id, new.activity, new.reward, new.from_on, new.until_on,
      new.portfolio_id, new.promise_from_minor)
     is distinct from
     (old.amount_minor, old.budget_minor, old.kind, old.incentive_scene_id, old.activity, old.reward, old.from_on, old.until_on,
      old.portfolio_id, old.promise_from_minor) then
    raise exception 'rule % was approved as it stands', new.incentive_rule_id;
  end if;
  return new;
end $$;
create trigger incentive_rule_needs_two before insert or update on incentive_rule
  for each row execute function incentive_rule_needs_two();

create table incentive_grant (
  borrower_id bigint not null references borrower,
  incentive_grant_id bigint generated always as identity unique,
  incentive_rule_id bigint not null references incentive_rule,
  promise_id bigint not null,
  case_id bigint not null,
  kind text not null check (kind in ('transfer', 'waiver')),
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('granted', 'placing', 'waiting', 'paid', 'withdrawing', 'withdrawn', 'owed-back', 'failed')),
  out_bill_no text unique check (out_bill_no ~ '^[0-9A-Za-z]{5,32}$'),
  sealed_openid bytea,
  package_info text,
  waived_loan_id bigint,
  waived_event_no text,
  failure text,
  granted_at timestamptz not null,
  asked_at timestamptz,
  paid_at timestamptz,
  primary key (borrower_id, incentive_grant_id),
  unique (borrower_id, promise_id),
  foreign key (borrower_id, promise_id) references promise,
  check (state not in ('placing', 'waiting') or out_bill_no is not null)
);
create index incentive_grant_by_rule on incentive_grant (incentive_rule_id);
create index incentive_grant_live on incentive_grant (asked_at) where state in ('granted', 'placing', 'waiting', 'withdrawing');
comment on table incentive_grant is 'What one kept promise earned: at most one for a promise. Its transfer''s number is stored before the provider hears of it.';
comment on column incentive_grant.state is 'granted: may be taken; placing, waiting: the transfer is made and waits for the borrower''s word; withdrawing: the promise is not kept any more and the transfer is taken back; owed-back: it could not be.';
