-- What was told to be forgotten, so that it is told once a period.

create table forgotten_telling (
  borrower_id bigint not null,
  case_id bigint not null,
  reason text not null check (reason in ('silent', 'matter-late', 'approval-late')),
  subject_id bigint not null,
  since_on date not null,
  period integer not null check (period >= 0),
  told_at timestamptz not null,
  primary key (borrower_id, case_id, reason, subject_id, since_on, period),
  foreign key (borrower_id, case_id) references collection_case
);
comment on table forgotten_telling is 'One telling of case.forgotten: its key is what makes it one for a case, a reason and a period, however many workers look.';
comment on column forgotten_telling.subject_id is 'The case that is silent, the matter that is late, or the plan that waits for approval.';
comment on column forgotten_telling.since_on is 'The last day on which something happened or was awaited, the deadline, or the day of the proposal.';
comment on column forgotten_telling.period is 'How many whole periods of forgottenDays it has been forgotten for.';
