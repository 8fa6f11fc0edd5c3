-- Orders by which borrowers pay, refunds of them, and what the provider's daily bill says against ours.

create table payment_order (
  borrower_id bigint not null references borrower,
  payment_order_id bigint generated always as identity unique,
  provider_account_id bigint not null references provider_account,
  out_trade_no text not null unique check (out_trade_no ~ '^[0-9A-Za-z]{6,32}$'),
  way text not null check (way in ('jsapi', 'native', 'h5')),
  sealed_payer bytea,
  description text not null,
  currency text not null,
  total_minor bigint not null check (total_minor > 0),
  refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
  state text not null check (state in ('new', 'open', 'unknown', 'paid', 'closed', 'failed')),
  prepared text,
  failure text,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  placed_at timestamptz,
  asked_at timestamptz,
  paid_at timestamptz,
  paid_on date,
  primary key (borrower_id, payment_order_id),
  check ((state = 'paid') = (paid_at is not null and paid_on is not null))
);
comment on table payment_order is 'A sum that a borrower was given the means to pay. Its number is stored before the provider hears of it, and is placed once.';
comment on column payment_order.state is 'new: not placed yet; open: may be paid; unknown: the call was made and its outcome is asked about; paid, closed, failed: over (a closed or failed one that is paid all the same becomes paid).';
comment on column payment_order.sealed_payer is 'The openid, or the address of the payer''s machine: sealed, and forgotten once the order is placed.';
comment on column payment_order.prepared is 'What the way to pay needs: prepay_id, code_url or h5_url.';
comment on column payment_order.placed_at is 'Set by whoever makes the one call that places it.';
comment on column payment_order.paid_on is 'The provider''s own day of paid_at, on whose bill it stands.';
create index payment_order_by_account on payment_order (provider_account_id, paid_on);
create index payment_order_live on payment_order (asked_at) where state in ('new', 'open', 'unknown');

create table payment_order_line (
  borrower_id bigint not null,
  payment_order_id bigint not null,
  line integer not null check (line > 0),
  loan_id bigint not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  booked_minor bigint not null default 0 check (booked_minor between 0 and amount_minor),
  event_no text,
  primary key (borrower_id, payment_order_id, line),
  foreign key (borrower_id, payment_order_id) references payment_order,
  foreign key (borrower_id, loan_id) references loan
);
create index payment_order_line_by_loan on payment_order_line (borrower_id, loan_id);
comment on table payment_order_line is 'Which loan gets how much of an order; booked_minor under event_no is what of it stands in the ledger now.';

create table payment_refund (
  borrower_id bigint not null,
  payment_refund_id bigint generated always as identity unique,
  payment_order_id bigint not null,
  out_refund_no text not null unique check (out_refund_no ~ '^[0-9A-Za-z]{6,32}$'),
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  requested_by text not null,
  state text not null check (state in ('new', 'processing', 'done', 'abnormal', 'closed', 'failed')),
  failure text,
  made_at timestamptz not null,
  made_on date not null,
  asked_at timestamptz,
  done_at timestamptz,
  primary key (borrower_id, payment_refund_id),
  foreign key (borrower_id, payment_order_id) references payment_order
);
create index payment_refund_by_order on payment_refund (borrower_id, payment_order_id);
create index payment_refund_live on payment_refund (asked_at) where state in ('new', 'processing');
create index payment_refund_by_day on payment_refund (made_on);
comment on table payment_refund is 'Money given back of an order. The same number is the same refund, however often it is asked for.';
comment on column payment_refund.made_on is 'The provider''s own day of made_at, on whose bill it stands.';

create table payment_reconciliation (
  payment_reconciliation_id bigint generated always as identity primary key,
  provider_account_id bigint not null references provider_account,
  bill_on date not null,
  bill_sha1 text,
  currency text not null,
  bill_lines integer not null,
  bill_paid_minor bigint not null,
  bill_refunded_minor bigint not null,
  ours_paid_minor bigint not null,
  ours_refunded_minor bigint not null,
  settled_late integer not null,
  made_at timestamptz not null
);
create index payment_reconciliation_by_day on payment_reconciliation (provider_account_id, bill_on);
comment on table payment_reconciliation is 'One comparison of a day''s bill with our orders; kept, also when it is made again.';
comment on column payment_reconciliation.settled_late is 'Payments that the bill told us of first: they were asked about and booked before the comparison.';

create table payment_difference (
  payment_reconciliation_id bigint not null references payment_reconciliation,
  line integer not null,
  kind text not null check (kind in ('missing-here', 'missing-there', 'amount-differs')),
  subject text not null check (subject in ('payment', 'refund')),
  number text not null,
  currency text not null,
  ours_minor bigint,
  theirs_minor bigint,
  primary key (payment_reconciliation_id, line)
);
comment on table payment_difference is 'What a comparison found: a payment or refund that one side has not, or has with another amount.';
