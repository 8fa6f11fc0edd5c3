-- Who works which case, and batches of cases that an outside agency works.

alter table agent add column capacity integer not null default 200 check (capacity >= 0);
alter table agent add column skills text[] not null default '{}';
alter table agent add column is_active boolean not null default true;
comment on column agent.capacity is 'How many open cases an agent can hold.';
comment on column agent.skills is 'What an agent may take: languages such as en, stages such as M3, or words of the lender''s own.';

create table placement (
  placement_id bigint generated always as identity primary key,
  name text not null unique,
  agency_id bigint not null references agency,
  portfolio_id bigint not null references portfolio,
  placed_by text not null,
  placed_at timestamptz not null,
  recall_on date not null,
  recalled_at timestamptz
);
create index placement_by_agency on placement (agency_id);
create index placement_by_portfolio on placement (portfolio_id);
comment on table placement is 'A batch of cases that an outside agency works until recall_on, under the same gate and the same caps.';

create table placed_case (
  borrower_id bigint not null,
  case_id bigint not null,
  placement_id bigint not null references placement,
  arrears_minor bigint not null,
  currency text not null,
  placed_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  primary key (borrower_id, case_id, placement_id),
  foreign key (borrower_id, case_id) references collection_case,
  check ((ended_at is null) = (end_reason is null))
);
create index placed_case_by_placement on placed_case (placement_id);
create unique index placed_case_once on placed_case (borrower_id, case_id) where ended_at is null;
comment on table placed_case is 'A case in a placement, with its arrears on the day it was placed: what recovery is measured against.';

create table assignment (
  borrower_id bigint not null,
  assignment_id bigint generated always as identity,
  case_id bigint not null,
  agent_id bigint not null references agent,
  from_at timestamptz not null,
  to_at timestamptz,
  reason text not null,
  assigned_by text not null,
  primary key (borrower_id, assignment_id),
  foreign key (borrower_id, case_id) references collection_case,
  check (to_at is null or to_at >= from_at)
);
create index assignment_by_agent on assignment (agent_id) where to_at is null;
create index assignment_of_agent on assignment (agent_id, from_at);
create index assignment_by_case on assignment (borrower_id, case_id);
create unique index assignment_once on assignment (borrower_id, case_id) where to_at is null;
comment on table assignment is 'Who works a case from when until when; every move is a row, the open one is who has it.';
