-- Callbacks of every provider that calls us lie in one table and are worked off alike.

alter table wecom_callback rename to provider_callback;
alter table provider_callback rename column wecom_callback_id to provider_callback_id;
alter table provider_callback drop constraint wecom_callback_lane_check;
alter table provider_callback add constraint provider_callback_lane_check check (lane in ('people', 'service', 'sms'));
alter index wecom_callback_due rename to provider_callback_due;
comment on table provider_callback is 'Callbacks sealed as they came, once each; the provider is answered when the row is there, and the work is done after. Setting processed_at to null and due_at replays one.';
