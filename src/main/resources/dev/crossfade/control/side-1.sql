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

-- Checks now what constraints of a table, and constraints that refer to it, would else check at commit.
create function crossfade.check_deferred(p_table text) returns void
    language plpgsql as $$
declare
    constraints text;
begin
    select string_agg(distinct format('%I.%I', n.nspname, c.conname), ', ') into constraints
    from pg_trigger t
    join pg_constraint c on c.oid = t.tgconstraint
    join pg_namespace n on n.oid = c.connamespace
    where t.tgrelid = to_regclass(p_table) and t.tgdeferrable;
    if constraints is not null then
        execute 'set constraints ' || constraints || ' immediate';
    end if;
end
$$;

-- Refuses to delete from the mirror in a transaction that keeps its first snapshot: a mirror row that was created since
-- would not be seen and stay for ever. An intent takes its place.
create function crossfade.require_new_snapshot() returns void
    language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the mirror row is deleted after a transaction of isolation level %',
            current_setting('transaction_isolation') using errcode = 'CF002';
    end if;
end
$$;
