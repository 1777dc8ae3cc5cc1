-- Steps that read out where a job stopped.
alter table journal drop constraint journal_kind_check;
alter table journal add constraint journal_kind_check check (kind in
    ('record', 'create_topic', 'alter_topic', 'deploy', 'verify', 'stop', 'cancel', 'delete_topic', 'close',
     'forget_groups', 'open_control', 'deploy_helper', 'read_offsets', 'cancel_helper', 'close_control'));
