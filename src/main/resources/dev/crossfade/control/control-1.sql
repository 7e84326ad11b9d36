-- What only the control database needs.

create table crossfade.flag (
    feature_name text primary key,
    feature_enabled integer,
    strategy_id text,
    strategy_params text
);

create table crossfade.stage_change (
    id bigint generated always as identity primary key,
    entity text not null,
    from_stage text not null,
    to_stage text not null,
    epoch bigint not null,
    changed_at timestamptz not null default now(),
    changed_by text not null,
    reason text,
    forced boolean not null,
    gates jsonb not null
);

create index stage_change_entity on crossfade.stage_change (entity, id desc);

create table crossfade.instance (
    id uuid primary key,
    name text not null,
    version text not null,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    -- entity -> epoch that this instance has applied
    acknowledged jsonb not null default '{}'
);

create table crossfade.missed_write (
    entity text not null,
    key text[] not null,
    -- the side whose row is to be written again from the other one
    mirror text not null,
    attempts integer not null,
    sql_state text not null,
    message text not null,
    first_missed_at timestamptz not null default now(),
    last_missed_at timestamptz not null default now(),
    next_try_at timestamptz not null,
    parked boolean not null default false,
    primary key (entity, key)
);

create index missed_write_due on crossfade.missed_write (next_try_at) where not parked;

create table crossfade.backfill (
    entity text primary key,
    epoch bigint not null,
    state text not null,
    lower_bound text[],
    upper_bound text[],
    checkpoint text[],
    rows_total bigint not null,
    rows_read bigint not null default 0,
    rows_written bigint not null default 0,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
);

create table crossfade.verification (
    id bigint generated always as identity primary key,
    entity text not null,
    state text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    rows_compared bigint not null default 0,
    differences bigint not null default 0
);

create index verification_entity on crossfade.verification (entity, id desc);

create table crossfade.difference (
    verification_id bigint not null references crossfade.verification (id) on delete cascade,
    key text[] not null,
    kind text not null,
    columns text[] not null,
    primary key (verification_id, key)
);
