-- Of a job that was given up it is known what it left; of one that was only cancelled it is not.
alter table deployments drop constraint deployments_status_check;
alter table deployments add constraint deployments_status_check check (status in
    ('submitting', 'live', 'stopped', 'cancelled', 'given_up', 'failed', 'abandoned', 'dropped'));
update deployments d set status = 'given_up'
where d.status = 'cancelled' and exists (
    select from journal j
    where j.stream = d.stream and j.kind = 'give_up' and j.state = 'done'
      and j.payload #>> '{act,engine,1,give_up,job_id}' = d.job_id);
