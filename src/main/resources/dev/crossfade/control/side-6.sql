-- Between two databases the modern one is told of an epoch under which it decides before the control database records it. Until
-- that is done the epoch is only announced: nobody writes under it.
alter table crossfade.authority
    add column decided boolean not null default true,
    -- why nothing may be applied, repaired or moved; null where it may
    add column frozen text,
    -- the mapping by which the fleet mirrors: that of the instance which came last with another one; null before there was one
    add column mapping text,
    add column mapping_changed_at timestamptz;

-- Writers who came under an epoch that was only announced here: it was decided, as they were told of it. Rows are appended, so
-- that no writer waits for another one's transaction.
create table crossfade.decided_epoch (
    entity text not null,
    epoch bigint not null
);

create or replace function crossfade.require_epoch(p_entity text, p_epoch bigint) returns void
    language plpgsql as $$
declare
    newest bigint;
    known boolean;
begin
    if current_setting('transaction_isolation') = 'read committed' then
        select a.epoch, a.decided into newest, known from crossfade.authority a where a.entity = p_entity;
    else
        select a.epoch, a.decided into newest, known from crossfade.authority a where a.entity = p_entity for share;
    end if;
    if newest > p_epoch then
        raise exception 'entity % has moved on from epoch % to %', p_entity, p_epoch, newest
            using errcode = 'CF001';
    end if;
    if newest = p_epoch and not known then
        -- An applier that takes the announcement for a dead one has this lock exclusively until it has committed.
        perform pg_advisory_xact_lock_shared(hashtextextended('crossfade/applying/' || p_entity, 0));
        insert into crossfade.decided_epoch (entity, epoch)
        select p_entity, p_epoch
        where not exists (select from crossfade.decided_epoch d where d.entity = p_entity and d.epoch = p_epoch);
    end if;
end
$$;

-- Who this database is. The token is made with the schema; the beat counts on; system and timeline are those that were last
-- accepted: a server that was promoted or restored since has others.
create table crossfade.identity (
    only_row boolean primary key default true check (only_row),
    token uuid not null default gen_random_uuid(),
    system_identifier text not null,
    timeline bigint not null,
    beat bigint not null default 0
);

-- The database of the other side, as it was last seen from here: a memory of it that its own failure does not touch.
create table crossfade.witness (
    only_row boolean primary key default true check (only_row),
    token text not null,
    system_identifier text not null,
    timeline bigint not null,
    position bigint not null,
    beat bigint not null,
    seen_at timestamptz not null default now()
);

-- Where the server stands in its log: as far as a crash cannot take it back. Empty where the server has no such thing.
create function crossfade.server_identity(out system_identifier text, out timeline bigint, out log_position bigint)
    language plpgsql stable as $$
begin
    select s.system_identifier into system_identifier from pg_control_system() s;
    timeline := cast(cast('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) as bit(32)) as bigint);
    log_position := cast(pg_current_wal_flush_lsn() - '0/0' as bigint);
exception when undefined_function or insufficient_privilege or feature_not_supported or object_not_in_prerequisite_state then
    system_identifier := '';
    timeline := 0;
    log_position := 0;
end
$$;

-- Under which timeline an intent was noted: what a promoted server had by then may be older than the mirror. Null from before there
-- was this column, and where the server has no timelines.
alter table crossfade.intent add column timeline bigint;

do $$
begin
    if (select s.timeline from crossfade.server_identity() s) > 0 then
        alter table crossfade.intent alter column timeline
            set default cast(cast('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as bit(32)) as bigint);
    end if;
end
$$;

insert into crossfade.identity (system_identifier, timeline)
select s.system_identifier, s.timeline from crossfade.server_identity() s;

-- As before, but around the flip of the authority the side that does not decide holds the entity's authority too, and looks again: a
-- writer of that side who looked before the flip and commits after it would be noted by nobody.
create or replace function crossfade.captures(p_entity text, p_side text) returns boolean
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
        exit when attempt = 2 or coalesce(present not in ('MODERN_READ', 'MODERN_PRIMARY'), true);
        perform pg_advisory_xact_lock_shared(hashtextextended('crossfade/authority/' || p_entity, 0));
    end loop;
    return coalesce(
        p_side in ('LEGACY', 'BOTH') and present in ('DUAL_WRITE', 'SHADOW_READ', 'MODERN_READ')
        or p_side in ('MODERN', 'BOTH') and present = 'MODERN_PRIMARY', false);
end
$$;
