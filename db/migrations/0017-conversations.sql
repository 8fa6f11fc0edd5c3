-- Conversations as people work them: who must look, whose they are, how they end; and answers that agents write.

alter table conversation add column needs_person_at timestamptz;
alter table conversation add column needs_person_reason text
  check (needs_person_reason in ('distress', 'unsure', 'complaint'));
alter table conversation add column agent_id bigint references agent;
alter table conversation add column closed_at timestamptz;
alter table conversation add column closed_by text;
comment on column conversation.needs_person_at is 'Since when a person must look at it; null when nobody must, or when somebody answered.';
create index conversation_by_agent on conversation (agent_id);
create index conversation_needs_person on conversation (needs_person_at) where state = 'open' and needs_person_at is not null;
create unique index conversation_by_id on conversation (conversation_id);

alter table message drop constraint message_class_check;
alter table message add constraint message_class_check check (class in ('distress', 'stop', 'wrong-person', 'dispute',
  'complaint', 'paid-already', 'promise', 'cannot-pay', 'question', 'other', 'unsure', 'bounce'));
alter table message add column class_percent integer check (class_percent between 0 and 100);
comment on column message.class is 'What it is about: an intent, unsure when a person must say, or bounce.';
comment on column message.class_percent is 'How sure the model was; null where a stop word, a form or a machine said it.';

alter table attempt add column sealed_reply bytea;
comment on column attempt.sealed_reply is 'What an agent answers, sealed; null where the template says everything.';
