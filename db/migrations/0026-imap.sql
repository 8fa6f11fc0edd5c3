-- Mails in mailboxes that are being taken: from before the first is read until the mailbox shows it as taken.

create table imap_mail (
  provider_account_id bigint not null references provider_account,
  folder text not null,
  uid_validity bigint not null,
  uid bigint not null,
  begun int not null,
  seen_at timestamptz not null,
  taken_at timestamptz,
  primary key (provider_account_id, folder, uid_validity, uid)
);
comment on table imap_mail is 'A mail of an IMAP mailbox from when its reading begins until the mailbox shows it as taken.';
comment on column imap_mail.begun is 'How often its reading began without an end, as when the process died in it.';
comment on column imap_mail.taken_at is 'When it was stored for good; null before.';
