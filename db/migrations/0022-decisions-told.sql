-- A decided matter is told to whoever raised it: what became of the telling is among its steps.

alter table matter_step drop constraint matter_step_kind_check;
alter table matter_step add constraint matter_step_kind_check check (kind in ('received', 'assigned', 'document', 'decided',
  'telling', 'told', 'not-told', 'appealed'));
comment on column matter_step.kind is 'telling: a message with the decision waits for the gate; told: it went out, or a person told it; not-told: a person must tell it.';
