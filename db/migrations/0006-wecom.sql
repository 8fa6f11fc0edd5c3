-- WeCom: who may be written to by whom, tasks that wait for a member's tap, callbacks as they came.

alter table provider_account drop constraint provider_account_adapter_check;
alter table provider_account add constraint provider_account_adapter_check
  check (adapter ~ '^[a-z][a-z0-9-]{1,30}$');

create table wecom_callback (
  wecom_callback_id bigint generated always as identity primary key,
  provider_account_id bigint not null references provider_account,
  dedupe_key bytea not null,
  lane text not null check (lane in ('people', 'service')),
  sealed bytea not null,
  received_at timestamptz not null,
  due_at timestamptz not null,
  processed_at timestamptz,
  tries integer not null default 0,
  error text,
  unique (provider_account_id, dedupe_key)
);
comment on table wecom_callback is 'Callbacks decrypted and sealed as they came, once each; the platform is answered when the row is there, and the work is done after. Setting processed_at to null and due_at replays one.';
comment on column wecom_callback.lane is 'people: what needs no call to the platform, such as a deletion, and must not wait behind what does.';
create index wecom_callback_due on wecom_callback (provider_account_id, lane, due_at) where processed_at is null;

create table wecom_invite (
  borrower_id bigint not null references borrower,
  wecom_invite_id bigint generated always as identity unique,
  provider_account_id bigint not null references provider_account,
  case_id bigint,
  token text not null unique check (token ~ '^[A-Za-z0-9_-]{16,30}$'),
  way text not null check (way in ('qr', 'link', 'kf')),
  userid text,
  config_id text,
  url text,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (borrower_id, wecom_invite_id)
);
create index wecom_invite_by_account on wecom_invite (provider_account_id);
comment on table wecom_invite is 'A way for one borrower to come to us: the token says nothing about a debt and comes back when it is used. The platform gives a config_id once.';

create table wecom_contact (
  borrower_id bigint not null references borrower,
  contact_point_id bigint not null,
  provider_account_id bigint not null references provider_account,
  via text not null check (via in ('mass', 'kf')),
  userid text not null,
  agent_id bigint references agent,
  added_at timestamptz not null,
  removed_at timestamptz,
  sealed_welcome_code bytea,
  welcome_until timestamptz,
  primary key (borrower_id, contact_point_id),
  foreign key (borrower_id, contact_point_id) references contact_point
);
comment on table wecom_contact is 'A borrower who added a member (via mass) or opened a customer-service account (via kf); userid is the member or the open_kfid. removed_at: the borrower deleted us.';
create index wecom_contact_by_account on wecom_contact (provider_account_id);
create index wecom_contact_by_agent on wecom_contact (agent_id);

create table wecom_task (
  borrower_id bigint not null references borrower,
  permit_id uuid not null unique,
  provider_account_id bigint not null references provider_account,
  sender text not null,
  sealed_receiver bytea not null,
  msgid text,
  state text not null check (state in ('asking', 'waiting', 'sent', 'withdrawn', 'failed')),
  made_at timestamptz not null,
  confirm_until timestamptz not null,
  withdraw_because text,
  looked_at timestamptz,
  primary key (borrower_id, permit_id)
);
comment on table wecom_task is 'A message that lies with a member until the member taps «send». Withdrawn when its permit ends, or when a payment or a hold makes it unwanted.';
create index wecom_task_by_account on wecom_task (provider_account_id);
create index wecom_task_by_msgid on wecom_task (msgid) where msgid is not null;
create index wecom_task_open on wecom_task (provider_account_id, looked_at) where state in ('asking', 'waiting');
create index wecom_task_by_borrower on wecom_task (borrower_id) where state in ('asking', 'waiting');

create table wecom_kf_cursor (
  provider_account_id bigint not null references provider_account,
  open_kfid text not null,
  cursor text not null default '',
  synced_at timestamptz,
  primary key (provider_account_id, open_kfid)
);
comment on table wecom_kf_cursor is 'How far the messages of a customer-service account were read. Its row lock makes one consumer per account.';

create table wecom_group (
  provider_account_id bigint not null references provider_account,
  chat_id text not null,
  outsiders integer not null,
  frozen_at timestamptz,
  looked_at timestamptz not null,
  primary key (provider_account_id, chat_id)
);
comment on table wecom_group is 'A service group of one borrower. A second outsider freezes it for good: nothing more is sent there.';
