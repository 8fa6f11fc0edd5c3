-- The queues of the console are walked in these orders; a page costs the same wherever it lies.

create index matter_by_due on matter (due_on, matter_id) where state in ('open', 'appealed');
create index hold_by_id on hold (hold_id);
