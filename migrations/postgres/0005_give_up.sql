alter table journal drop constraint journal_kind_check;
alter table journal add constraint journal_kind_check check (kind in
    ('record', 'create_topic', 'alter_topic', 'grow_topic', 'deploy', 'verify', 'stop', 'cancel', 'give_up',
     'delete_topic', 'close', 'forget_groups', 'open_control', 'deploy_helper', 'read_offsets', 'cancel_helper',
     'close_control'));

-- Of a job that was given up it is known what it left; of one that was only cancelled it is not.
alter table deployments drop constraint deployments_status_check;
alter table deployments add constraint deployments_status_check check (status in
    ('submitting', 'live', 'stopped', 'cancelled', 'given_up', 'failed', 'abandoned', 'dropped'));
