-- What weir owns, what it did, and what it does not know the outcome of. Words of state are the model's own.

create table ledger (
    id uuid primary key default gen_random_uuid()
);
-- There is one ledger in a database: its id is part of every job id.
create unique index ledger_is_one on ledger ((true));
insert into ledger default values;

create table streams (
    id           uuid primary key default gen_random_uuid(),
    project      text not null,
    name         text not null,
    path         text not null,
    origin       text not null,
    definition   jsonb not null,
    policy       jsonb not null,
    revision     text not null,
    engine       text not null,
    output_topic text not null,
    desired_run  text not null check (desired_run in ('running', 'stopped')),
    state        text not null check (state in ('live', 'kept', 'removed')),
    paused       boolean not null default false,
    topic_made   boolean not null default false,
    -- The highest one given away. It never falls: see the trigger below.
    generation   bigint not null default 0 check (generation >= 0),
    -- Of the job of that generation.
    job_id       text,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    unique (project, name)
);

-- A row that is gone, or a generation that falls, would give a job id away twice.
create function streams_stay() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'rows of streams are never deleted';
    end if;
    if new.generation < old.generation then
        raise exception 'a generation is never given twice';
    end if;
    return new;
end $$;
create trigger streams_stay before delete or update on streams for each row execute function streams_stay();

create table deployments (
    stream           uuid not null references streams (id),
    generation       bigint not null check (generation > 0),
    revision         text not null,
    engine           text not null,
    engine_version   text not null,
    job_id           text not null,
    status           text not null check (status in
        ('submitting', 'live', 'stopped', 'cancelled', 'failed', 'abandoned', 'dropped')),
    -- What the job began with: a place in its sources or a savepoint.
    start            jsonb not null,
    ended_at_offsets jsonb,
    -- As applied, resolved; and the text of the files that it came from.
    definition       jsonb not null,
    files            jsonb,
    columns          jsonb not null,
    changelog        text not null check (changelog in ('insert_only', 'updating')),
    check_key        text not null,
    git_commit       text,
    author           text,
    message          text,
    applied_by       text not null,
    submitted_at     timestamptz not null default now(),
    verified_at      timestamptz,
    ended_at         timestamptz,
    primary key (stream, generation)
);

create table savepoints (
    id             bigint generated always as identity primary key,
    stream         uuid not null,
    generation     bigint not null,
    path           text not null,
    kind           text not null check (kind in ('savepoint', 'checkpoint')),
    engine_version text not null,
    good           boolean not null,
    disposed       boolean not null default false,
    created_at     timestamptz not null default now(),
    foreign key (stream, generation) references deployments (stream, generation)
);
create index savepoints_newest on savepoints (stream, id desc) where good and not disposed;

create table checks (
    project        text not null,
    engine         text not null,
    engine_version text not null,
    check_key      text not null,
    answer         text not null check (answer in ('accepted', 'refused')),
    columns        jsonb,
    changelog      text check (changelog in ('insert_only', 'updating')),
    upsert_key     jsonb,
    sources        jsonb,
    diagnostics    jsonb,
    made_at        timestamptz not null default now(),
    primary key (project, engine, engine_version, check_key),
    check (case answer
        when 'accepted' then columns is not null and changelog is not null and sources is not null
        else diagnostics is not null
    end)
);

create table journal (
    id         bigint generated always as identity primary key,
    run        uuid not null,
    stream     uuid not null references streams (id),
    generation bigint not null check (generation >= 0),
    -- Its place in the change, from 0.
    ordinal    bigint not null check (ordinal >= 0),
    kind       text not null check (kind in
        ('record', 'create_topic', 'alter_topic', 'deploy', 'verify', 'stop', 'cancel', 'delete_topic', 'close')),
    step_id    text not null,
    payload    jsonb not null,
    state      text not null check (state in ('intent', 'done', 'failed', 'abandoned')),
    receipt    jsonb,
    reason     text,
    epoch      bigint not null,
    attempt    bigint not null,
    begun_at   timestamptz not null default now(),
    settled_at timestamptz,
    check ((state = 'intent') = (settled_at is null)),
    check ((state = 'done') = (receipt is not null))
);
-- A step is asked for again only once it is known what became of it.
create unique index journal_open on journal (stream, step_id) where state = 'intent';
create index journal_failed on journal (stream, generation, kind) where state = 'failed';
create index journal_step on journal (stream, run, step_id);

create table events (
    id      bigint generated always as identity primary key,
    project text not null,
    at      timestamptz not null default now(),
    who     text not null,
    stream  text,
    what    text not null,
    plan    text
);
create index events_newest on events (project, id desc);

create table lease (
    project text primary key,
    holder  text not null,
    -- Rises whenever the lease changes hands or is given back; every write of the tables above names it.
    epoch   bigint not null,
    until   timestamptz not null
);
