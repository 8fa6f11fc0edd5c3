-- The agent's desk: who was found to be on the line, what of the script was said, and finding who is next.

create table identity_check (
  borrower_id bigint not null references borrower,
  identity_check_id bigint generated always as identity,
  case_id bigint not null,
  user_id text not null references auth_user,
  result text not null check (result in ('verified', 'wrong', 'opened')),
  basis text not null check (basis in ('id-last4', 'name', 'none')),
  reason text check (reason in ('answer-message', 'prepare', 'review', 'borrower-wrote')),
  checked_at timestamptz not null,
  until_at timestamptz not null,
  primary key (borrower_id, identity_check_id),
  foreign key (borrower_id, case_id) references collection_case,
  check ((result = 'opened') = (reason is not null))
);
create index identity_check_by_case on identity_check (borrower_id, case_id);
create index identity_check_by_user on identity_check (user_id);
comment on table identity_check is 'Before a debt fact is shown: an answer that fitted the record, one that did not, or the reason for which it was opened without. Holds no answer.';
comment on column identity_check.until_at is 'Until when it opens the case to that person, by the clock on the wall; the end of their lease ends it sooner.';

alter table outcome add column said text[] not null default '{}';
comment on column outcome.said is 'Lines of the script that were ticked as said, by their keys.';

-- Who is next: each bucket of the worklist begins at an index of its own and reads no further than it shows.
create index outcome_by_person on outcome (recorded_by, recorded_at);
create index promise_broken on promise (decided_on desc) where state = 'broken';
create index collection_case_newest on collection_case (opened_on desc, case_id desc) where state = 'open';
create index work_lease_until on work_lease (expires_at);
