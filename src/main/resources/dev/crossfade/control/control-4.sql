-- How often a key was put off for a row that it refers to: that costs no attempt, and lengthens the pause all the same.
alter table crossfade.missed_write add column waits integer not null default 0;

-- What operators did to missed writes.
create table crossfade.queue_action (
    id bigint generated always as identity primary key,
    action text not null,
    acted_at timestamptz not null default now(),
    acted_by text not null,
    reason text,
    -- what it was asked to be done to; null for all
    entity text,
    key text[],
    error text,
    -- how many keys that were, and the first of them: [["user", "42"], ["price", "7", "EUR"]]
    key_count integer not null,
    keys jsonb not null
);

create index queue_action_key on crossfade.queue_action using gin (keys jsonb_path_ops);
-- The worker's jobs: the table that db-scheduler asks for. A few rows that are updated all the time: free space in the page
-- keeps the updates in place, and there is no index beside the key that each of them would have to touch.
create table crossfade.scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures integer,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Wishes that an entity be swept at once from its first key. Only whoever wishes writes here: a sweep reads it, and so
-- never waits for a transaction that holds a row, nor the other way round.
create table crossfade.sweep (
    entity text primary key,
    requests bigint not null default 1,
    requested_at timestamptz not null default now()
);

-- One pass over all keys of an entity; at most one of an entity is unfinished, and it goes on behind its position.
create table crossfade.sweep_cycle (
    id bigint generated always as identity primary key,
    entity text not null,
    -- how many wishes had been made when the pass began
    requests bigint not null,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz,
    -- the last key that was looked at, null before the first
    position text[],
    rows_compared bigint not null default 0,
    found bigint not null default 0,
    repaired bigint not null default 0,
    -- keys that were written so often that they were never at rest
    restless bigint not null default 0,
    claimed_by uuid,
    claimed_until timestamptz
);

create unique index sweep_cycle_unfinished on crossfade.sweep_cycle (entity) where finished_at is null;
create index sweep_cycle_entity on crossfade.sweep_cycle (entity, id desc);

-- The first differences of a pass, before they were repaired.
create table crossfade.sweep_finding (
    cycle_id bigint not null references crossfade.sweep_cycle (id) on delete cascade,
    key text[] not null,
    kind text not null,
    columns text[] not null,
    repaired boolean not null,
    found_at timestamptz not null default now()
);

create index sweep_finding_cycle on crossfade.sweep_finding (cycle_id);

-- Wishes that an entity be swept, at once and from its first key, when the caller's transaction has committed.
create function crossfade.request_sweep(p_entity text) returns void
    language sql as $$
    insert into crossfade.sweep as present (entity) values (p_entity)
    on conflict (entity) do update set requests = present.requests + 1, requested_at = now()
$$;
