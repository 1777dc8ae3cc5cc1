select what, name, body::text
from (
    select 'ledger' as what, '' as name, 0::bigint as seq,
           json_build_object(
               'id', l.id,
               'holder', (select holder from lease where project = $1 and until > clock_timestamp())) as body
    from ledger l

    union all

    select 'stream', s.name, 0,
           json_build_object(
               'path', s.path,
               'origin', s.origin,
               'stream', s.definition,
               'policy', s.policy,
               'revision', s.revision,
               'state', s.state,
               'topic_made', s.topic_made,
               'generation', s.generation,
               'deployment', reached.body,
               'abandoned', abandoned.body,
               'savepoint', left_by.savepoint,
               'left_by', left_by.deployment,
               'before', before.body,
               'setback', s.setback,
               'reading', (
                   select j.payload
                   from journal j
                   where j.stream = s.id and j.kind = 'open_control' and j.state = 'done'
                     and not exists (
                         select from journal later
                         where later.stream = s.id and later.kind = 'close_control' and later.state = 'done'
                           and later.id > j.id)
                   order by j.id desc limit 1),
               -- Of the present generation, or of one that is only to come.
               'failures', (
                   select coalesce(json_object_agg(f.kind, f.times), '{}')
                   from (
                       select kind, count(*) as times
                       from journal
                       where stream = s.id and generation >= s.generation
                         -- A helper's id is used once, whatever became of it.
                         and (state = 'failed' or kind = 'deploy_helper')
                       group by kind) f))
    from streams s
    left join lateral (
        select d.generation,
               json_build_object(
                   'generation', d.generation, 'revision', d.revision, 'engine_version', d.engine_version,
                   'job_id', d.job_id, 'status', d.status, 'stream', d.definition, 'columns', d.columns,
                   'sources', d.sources,
                   'restore', d.start, 'verified', d.verified_at is not null, 'ended_at', d.ended_at_offsets) as body
        from deployments d
        where d.stream = s.id and d.status <> 'abandoned'
        order by d.generation desc limit 1) reached on true
    left join lateral (
        select json_build_object(
                   'generation', d.generation, 'revision', d.revision, 'engine_version', d.engine_version,
                   'job_id', d.job_id, 'status', d.status, 'stream', d.definition, 'columns', d.columns,
                   'sources', d.sources,
                   'restore', d.start, 'verified', d.verified_at is not null) as body
        from deployments d
        where d.stream = s.id and d.status = 'abandoned' and d.generation > coalesce(reached.generation, 0)
        order by d.generation desc limit 1) abandoned on true
    -- Of what was before a drop nothing is taken up.
    left join lateral (
        select coalesce(max(d.generation), 0) as generation
        from deployments d
        where d.stream = s.id and d.status = 'dropped') dropped on true
    -- The newest good state that a job left, and whose it is where that is not the newest deployment.
    left join lateral (
        select json_build_object(
                   'path', p.path, 'kind', p.kind, 'generation', p.generation,
                   'engine_version', p.engine_version) as savepoint,
               case when p.generation < reached.generation then json_build_object(
                   'generation', d.generation, 'revision', d.revision, 'engine_version', d.engine_version,
                   'job_id', d.job_id, 'status', d.status, 'stream', d.definition, 'columns', d.columns,
                   'sources', d.sources,
                   'restore', d.start, 'verified', d.verified_at is not null, 'ended_at', d.ended_at_offsets) end as deployment
        from savepoints p
        join deployments d on d.stream = p.stream and d.generation = p.generation
        where p.stream = s.id and p.good and not p.disposed and p.generation > dropped.generation
        order by p.id desc limit 1) left_by on true
    -- What ran before the newest deployment.
    left join lateral (
        select json_build_object(
                   'generation', d.generation, 'revision', d.revision, 'engine_version', d.engine_version,
                   'job_id', d.job_id, 'status', d.status, 'stream', d.definition, 'columns', d.columns,
                   'sources', d.sources,
                   'restore', d.start, 'verified', d.verified_at is not null, 'ended_at', d.ended_at_offsets) as body
        from deployments d
        where d.stream = s.id and d.generation > dropped.generation and d.generation < reached.generation
          and (d.verified_at is not null
               or exists (
                   select from savepoints p
                   where p.stream = d.stream and p.generation = d.generation and p.kind = 'savepoint'))
        order by d.generation desc limit 1) before on true
    where s.project = $1

    union all

    select 'check', c.check_key, 0,
           json_build_object(
               'id', json_build_object('engine', c.engine, 'version', c.engine_version, 'key', c.check_key),
               'check', json_build_object(
                   'answer', c.answer, 'columns', c.columns, 'changelog', c.changelog,
                   'sources', c.sources, 'diagnostics', c.diagnostics))
    from checks c
    -- What an engine lacked, as a connector, may have come since: its word against a query is asked for again.
    where c.project = $1 and (c.answer = 'accepted' or c.made_at > now() - interval '10 minutes')

    union all

    select 'intent', s.name, j.id,
           json_build_object('run', j.run, 'stream', s.name, 'generation', j.generation, 'step', j.payload)
    from journal j
    join streams s on s.id = j.stream
    where s.project = $1 and j.state = 'intent'

    union all

    -- The newest try of the present generation, where every try was given up: its request may still arrive. So may
    -- that of a stop, as long as the ledger thinks that the job runs.
    (select distinct on (s.id, j.kind) 'given_up', s.name, j.id,
            json_build_object('run', j.run, 'stream', s.name, 'generation', j.generation, 'step', j.payload)
     from journal j
     join streams s on s.id = j.stream
     join deployments d on d.stream = s.id
          -- With another name a row may have got a higher generation than it gave away.
          and d.generation = (select max(generation) from deployments where stream = s.id)
     where s.project = $1 and j.state = 'abandoned'
       and (j.kind = 'deploy' and d.status = 'abandoned' and j.generation = d.generation
            or j.kind = 'stop' and d.status = 'live' and j.generation >= d.generation)
     order by s.id, j.kind, j.id desc)

    union all

    select 'elsewhere', s.name, 0,
           json_build_object(
               'project', s.project, 'stream', s.name, 'job_id', d.job_id,
               -- A script names every topic that it writes.
               'writes', coalesce(
                   d.definition -> 'body' -> 'script' -> 'writes',
                   jsonb_build_array(d.definition -> 'output' -> 'topic')),
               'reads', (
                   select coalesce(json_agg(source.value ->> 'topic'), '[]')
                   from jsonb_each(d.definition -> 'sources') source))
    from streams s
    join deployments d on d.stream = s.id and d.status in ('submitting', 'live')
    where s.project <> $1
) found
order by seq
