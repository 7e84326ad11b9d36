-- What the transactions of appliers have seen of the other database as they read the rows that they wrote to mirror rows here. An intent
-- that a promoted server still has may have been applied before; this database, which did not fail, knows whether it was. A row
-- for each transaction, kept for half an hour after it.
create table crossfade.mirrored (
    entity text not null,
    batch bigint generated always as identity,
    -- the values of a key, each followed by chr(1)
    keys text[] not null,
    -- of the statement that read their authoritative rows
    seen pg_snapshot not null,
    mirrored_at timestamptz not null default now(),
    primary key (entity, batch)
);

-- Inserted once and deleted once, as intents are.
alter table crossfade.mirrored set (
    fillfactor = 100,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_threshold = -1,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);

-- The transaction that noted an intent: whoever has seen it has seen its write too. Null from before there was this column.
alter table crossfade.intent add column noted_by xid8;
alter table crossfade.intent alter column noted_by set default pg_current_xact_id();

-- As before; a server in recovery is asked in vain, instead of being taken for one without a log.
create or replace function crossfade.server_identity(out system_identifier text, out timeline bigint, out log_position bigint)
    language plpgsql stable as $$
begin
    select s.system_identifier into system_identifier from pg_control_system() s;
    timeline := cast(cast('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) as bit(32)) as bigint);
    log_position := cast(pg_current_wal_flush_lsn() - '0/0' as bigint);
exception when undefined_function or insufficient_privilege or feature_not_supported then
    system_identifier := '';
    timeline := 0;
    log_position := 0;
end
$$;
