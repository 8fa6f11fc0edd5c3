-- The borrower's portal: codes, sessions, knocks at its door, and where to transfer money to.

create table portal_code (
  borrower_id bigint not null references borrower,
  portal_code_id bigint generated always as identity,
  contact_point_id bigint not null,
  code_hash bytea not null,
  attempt_id bigint,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  used_at timestamptz,
  primary key (borrower_id, portal_code_id),
  foreign key (borrower_id, contact_point_id) references contact_point
);
comment on table portal_code is 'A one-time code that was sent to a borrower''s own contact point; only its keyed hash is kept. Times are the wall''s.';
create index portal_code_by_point on portal_code (borrower_id, contact_point_id);

create table portal_session (
  borrower_id bigint not null references borrower,
  portal_session_id bigint generated always as identity,
  token_hash bytea not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (borrower_id, portal_session_id)
);
comment on table portal_session is 'A borrower who proved to hold a contact point of theirs. Times are the wall''s.';
create unique index portal_session_by_token on portal_session (token_hash);

create table portal_knock (
  portal_knock_id bigint generated always as identity primary key,
  door text not null,
  from_hash bytea not null,
  at timestamptz not null
);
comment on table portal_knock is 'Requests at the doors that need no session, by the keyed hash of whence they came; a day old, they go.';
create index portal_knock_recent on portal_knock (from_hash, door, at);
create index portal_knock_old on portal_knock (at);

alter table portfolio add column transfer_bank text;
alter table portfolio add column transfer_name text;
alter table portfolio add column transfer_account text;
alter table portfolio add constraint transfer_is_whole
  check (num_nulls(transfer_bank, transfer_name, transfer_account) in (0, 3));
comment on column portfolio.transfer_account is 'The lender''s account that borrowers may transfer to, at transfer_bank in the name transfer_name.';
