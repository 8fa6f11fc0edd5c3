-- Outgoing webhooks: where events are sent, and what became of each.

create table webhook_endpoint (
  webhook_endpoint_id bigint generated always as identity primary key,
  name text not null unique,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  sealed_secret bytea not null,
  is_enabled boolean not null default true,
  begins_after_id bigint not null,
  failing_since_at timestamptz,
  disabled_at timestamptz,
  disabled_reason text
);
comment on table webhook_endpoint is 'A system that hears of events. It hears of those written after it was set up; earlier ones by a replay.';
comment on column webhook_endpoint.begins_after_id is 'The newest outbox_id when it was set up.';
comment on column webhook_endpoint.failing_since_at is 'The first failure since the last success; null while it works.';
comment on column webhook_endpoint.disabled_at is 'When we gave it up after a long failure; applying it as enabled takes that back.';

create table webhook_delivery (
  borrower_id bigint not null,
  outbox_id bigint not null,
  webhook_endpoint_id bigint not null references webhook_endpoint,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given-up')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_status integer,
  last_error text,
  settled_at timestamptz,
  primary key (borrower_id, outbox_id, webhook_endpoint_id)
);
comment on table webhook_delivery is 'One event on its way to one endpoint. Of one borrower only the oldest that waits is sent, so events arrive in their order.';
comment on column webhook_delivery.borrower_id is '0 for an event of no borrower.';
comment on column webhook_delivery.due_at is 'When it is to be tried; while a try is under way, when another may be made.';
create index webhook_delivery_waiting on webhook_delivery (webhook_endpoint_id, borrower_id, outbox_id) where state = 'waiting';
create index webhook_delivery_due on webhook_delivery (webhook_endpoint_id, due_at) where state = 'waiting';
create index webhook_delivery_settled on webhook_delivery (settled_at) where settled_at is not null;
