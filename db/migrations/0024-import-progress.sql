-- A person who watches an import sees how far the file is read, not only how many rows: nobody knows how many come.

alter table import_job add column percent_read smallint not null default 0 check (percent_read between 0 and 100);
comment on column import_job.percent_read is 'Share of the file''s bytes that were read, while the import runs.';
