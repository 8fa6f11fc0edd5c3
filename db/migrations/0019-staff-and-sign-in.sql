-- Who signs in to the console: accounts and sessions of the sign-in library under our names, the roles and
-- reach of each person, failures that lock an account, and who is at work on whom.

create table auth_user (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table auth_user is 'A person of the house or of an agency who signs in; never a borrower.';

create table auth_session (
  id text primary key,
  token text not null unique,
  user_id text not null references auth_user on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_session_by_user on auth_session (user_id);
comment on table auth_session is 'A signed-in browser. Deleting the row signs it out at its next request.';

create table auth_account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references auth_user on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_account_by_user on auth_account (user_id);
create unique index auth_account_once on auth_account (provider_id, account_id);
comment on table auth_account is 'How a person proves who they are: a password (its scrypt hash) or an identity provider of the lender.';

create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_verification_by_identifier on auth_verification (identifier);
comment on table auth_verification is 'Challenges under way: a sign-in between password and code, a passkey challenge, an OIDC state.';

create table auth_two_factor (
  id text primary key,
  secret text not null,
  backup_codes text not null,
  user_id text not null references auth_user on delete cascade,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamptz
);
create index auth_two_factor_by_user on auth_two_factor (user_id);
create index auth_two_factor_by_secret on auth_two_factor (secret);
comment on table auth_two_factor is 'Time-based codes (TOTP): secret and backup codes, encrypted with the installation''s key.';

create table auth_passkey (
  id text primary key,
  name text,
  public_key text not null,
  user_id text not null references auth_user on delete cascade,
  credential_id text not null,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz
);
create index auth_passkey_by_user on auth_passkey (user_id);
create unique index auth_passkey_by_credential on auth_passkey (credential_id);
comment on table auth_passkey is 'WebAuthn credentials; the private half never leaves the person''s device.';

create table sign_in_failure (
  sign_in_failure_id bigint generated always as identity primary key,
  login_hash bytea not null,
  failed_at timestamptz not null
);
create index sign_in_failure_by_login on sign_in_failure (login_hash, failed_at);
comment on table sign_in_failure is 'Wrong passwords by keyed hash of the address; five within fifteen minutes lock it until the oldest is fifteen minutes old.';

create table staff (
  user_id text primary key references auth_user on delete cascade,
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['agent', 'team-lead', 'manager',
    'compliance', 'qa', 'trainer', 'auditor', 'integrator', 'administrator']),
  agent_id bigint references agent,
  team_id bigint references team,
  agency_id bigint references agency,
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  created_at timestamptz not null,
  disabled_at timestamptz
);
create index staff_by_agent on staff (agent_id);
create index staff_by_team on staff (team_id);
create index staff_by_agency on staff (agency_id);
comment on table staff is 'What a signed-in person may do and reach. Who belongs to an agency reaches the cases placed with it and nothing else.';

create table work_lease (
  borrower_id bigint primary key references borrower,
  case_id bigint not null,
  user_id text not null references auth_user,
  taken_at timestamptz not null,
  expires_at timestamptz not null
);
create index work_lease_by_user on work_lease (user_id);
comment on table work_lease is 'Who works on a borrower now: never two at once. Renewed while the case is on the screen, by the clock on the wall.';

create table case_note (
  borrower_id bigint not null references borrower,
  case_note_id bigint generated always as identity,
  case_id bigint not null,
  sealed_text bytea not null,
  author text not null,
  written_at timestamptz not null,
  primary key (borrower_id, case_note_id),
  foreign key (borrower_id, case_id) references collection_case
);
create index case_note_by_case on case_note (borrower_id, case_id);
create trigger case_note_append_only before update or delete on case_note
  for each row execute function forbid_change_but_erasure();
comment on table case_note is 'What staff wrote about a case, sealed: it may hold personal data. Never edited; a correction is another note.';

create table callback (
  borrower_id bigint not null references borrower,
  callback_id bigint generated always as identity,
  case_id bigint not null,
  due_at timestamptz not null,
  user_id text references auth_user,
  reason text not null,
  recorded_at timestamptz not null,
  done_at timestamptz,
  primary key (borrower_id, callback_id),
  foreign key (borrower_id, case_id) references collection_case
);
create index callback_by_case on callback (borrower_id, case_id);
create index callback_by_user on callback (user_id);
create index callback_due on callback (due_at) where done_at is null;
comment on table callback is 'A time that was agreed for the next talk; the worklist puts it first when it comes.';

-- The console's lists page through open cases by their order, never by counting through them.
create index collection_case_by_arrears on collection_case (arrears_minor desc, case_id desc) where state = 'open';
create index collection_case_by_stage on collection_case (noted_stage, arrears_minor desc, case_id desc) where state = 'open';
create index collection_case_by_age on collection_case (ages_from_on, case_id) where state = 'open';
