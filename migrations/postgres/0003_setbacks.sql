-- The scans of a job's plan: its places in the inputs are found again by them.
alter table deployments add column sources jsonb not null default '[]';

-- A definition that was tried and never ran: revision, generation, step and reason.
alter table streams add column setback jsonb;

create index journal_control on journal (stream, id) where kind in ('open_control', 'close_control');

alter table journal drop constraint journal_kind_check;
alter table journal add constraint journal_kind_check check (kind in
    ('record', 'create_topic', 'alter_topic', 'grow_topic', 'deploy', 'verify', 'stop', 'cancel', 'delete_topic', 'close',
     'forget_groups', 'open_control', 'deploy_helper', 'read_offsets', 'cancel_helper', 'close_control'));
