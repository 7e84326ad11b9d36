-- What every database that can hold the authoritative row needs.

-- The newest epoch of an entity that this database knows. Writers of an older epoch are refused.
create table crossfade.authority (
    entity text primary key,
    epoch bigint not null,
    stage text not null
);

-- Durable notes "the mirror of this key may be stale", committed with the authoritative write. Append-only: a writer
-- never waits for whoever works them off.
create table crossfade.intent (
    id bigint generated always as identity,
    entity text not null,
    key text[] not null,
    noted_at timestamptz not null default now(),
    primary key (entity, id)
);

create table crossfade.schema_migrations (
    version text primary key,
    description text not null,
    side text not null,
    phase text not null,
    checksum text not null,
    executed_at timestamptz not null default now(),
    duration_millis bigint,
    progress text not null,
    statements_done integer not null default 0
);

-- Refuses a writer whose stage is older than the newest epoch of its entity. Call it in a statement after the one that
-- took the shared lock: one statement for both would see the epoch of before the wait. Where the transaction keeps one
-- snapshot, the row lock raises a serialization failure if the epoch has changed since.
create function crossfade.require_epoch(p_entity text, p_epoch bigint) returns void
    language plpgsql as $$
declare
    newest bigint;
begin
    if current_setting('transaction_isolation') = 'read committed' then
        select a.epoch into newest from crossfade.authority a where a.entity = p_entity;
    else
        select a.epoch into newest from crossfade.authority a where a.entity = p_entity for share;
    end if;
    if newest > p_epoch then
        raise exception 'entity % has moved on from epoch % to %', p_entity, p_epoch, newest
            using errcode = 'CF001';
    end if;
end
$$;
