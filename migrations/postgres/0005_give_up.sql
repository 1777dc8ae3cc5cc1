alter table journal drop constraint journal_kind_check;
alter table journal add constraint journal_kind_check check (kind in
    ('record', 'create_topic', 'alter_topic', 'grow_topic', 'deploy', 'verify', 'stop', 'cancel', 'give_up',
     'delete_topic', 'close', 'forget_groups', 'open_control', 'deploy_helper', 'read_offsets', 'cancel_helper',
     'close_control'));
