-- Every intent is inserted once and deleted once, never updated: pages are filled to the brim. Autovacuum goes by numbers
-- rather than by shares of the table, so that what it leaves behind does not grow with the largest backlog there was, and
-- it does not pause in between: a run is short then, and the index in front of the oldest intent stays clean. Insertions
-- alone need no run, as what is inserted is soon deleted.
alter table crossfade.intent set (
    fillfactor = 100,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_threshold = -1,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);

-- A key that cannot be told from nothing would hold up whoever reads it; those that are there are left alone.
alter table crossfade.intent
    add constraint intent_key check (cardinality(key) > 0 and array_position(key, null) is null) not valid;

-- Wishes that an entity be swept, from where single keys cannot be named: TRUNCATE, the moment capture is installed.
create table crossfade.sweep_request (
    id bigint generated always as identity primary key,
    entity text not null,
    reason text not null,
    requested_at timestamptz not null default now()
);

-- Tells a capture trigger whether writes of its side are to be noted: the side decides, and there is a mirror.
--
-- Around the flip of the authority the transaction holds the entity's authority until its end, as routed writers do, and
-- looks again in a statement after the lock. Before that the flip sees its lock on the table. A transaction that keeps one
-- snapshot and began before the last change of the stage gets a serialization failure.
create function crossfade.captures(p_entity text, p_side text) returns boolean
    language plpgsql as $$
declare
    present text;
begin
    for attempt in 1..2 loop
        if current_setting('transaction_isolation') = 'read committed' then
            select a.stage into present from crossfade.authority a where a.entity = p_entity;
        else
            select a.stage into present from crossfade.authority a where a.entity = p_entity for share;
        end if;
        if not coalesce(
                p_side in ('LEGACY', 'BOTH') and present in ('DUAL_WRITE', 'SHADOW_READ', 'MODERN_READ')
                or p_side in ('MODERN', 'BOTH') and present = 'MODERN_PRIMARY', false) then
            return false;
        end if;
        exit when attempt = 2 or present in ('DUAL_WRITE', 'SHADOW_READ');
        perform pg_advisory_xact_lock_shared(hashtextextended('crossfade/authority/' || p_entity, 0));
    end loop;
    return true;
end
$$;

-- Tells whether a statement of Crossfade's own is at work, which sees to the mirror of what it writes: it ends with a mark.
-- The mark is a part of the statement's text, so it is gone with the statement.
--
-- What a trigger of the statement writes is not its own. Neither is what foreign keys make of its rows where they lead
-- back to the same table: the server hands those rows to the same trigger as the statement's own.
create function crossfade.sees_to_mirror(p_table oid, p_routes text, p_mirrors text) returns boolean
    language plpgsql stable as $$
declare
    actions constant regproc[] := array[
        'pg_catalog."RI_FKey_cascade_del"', 'pg_catalog."RI_FKey_cascade_upd"',
        'pg_catalog."RI_FKey_setnull_del"', 'pg_catalog."RI_FKey_setnull_upd"',
        'pg_catalog."RI_FKey_setdefault_del"', 'pg_catalog."RI_FKey_setdefault_upd"'];
begin
    if right(current_query(), length(p_mirrors)) = p_mirrors then
        return true;
    end if;
    if coalesce(right(current_query(), length(p_routes)) <> p_routes, true) then
        return false;
    end if;
    if not exists (select from pg_trigger t where t.tgrelid = p_table and t.tgfoid = any(actions)) then
        return true;
    end if;
    return not exists (
        with recursive reached as (
            select t.tgconstrrelid as relation from pg_trigger t where t.tgrelid = p_table and t.tgfoid = any(actions)
            union
            select t.tgconstrrelid from reached r join pg_trigger t on t.tgrelid = r.relation and t.tgfoid = any(actions)
        )
        select from reached where relation = p_table);
end
$$;
