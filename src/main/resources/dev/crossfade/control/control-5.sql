-- Which tables an entity has. Two names for one table would have two stages, and both sides would be written.
create table crossfade.entity_table (
    side text not null,
    -- as the catalog spells them
    table_schema text not null,
    table_name text not null,
    entity text not null,
    recorded_at timestamptz not null default now(),
    primary key (side, table_schema, table_name),
    unique (entity, side)
);

-- Names that entities had: renamed, or forgotten. A change that was interrupted between two databases is unfinished, and
-- its names are nobody's until the same command has completed it.
create table crossfade.former_entity (
    id bigint generated always as identity primary key,
    name text not null,
    -- null where the entity was forgotten
    renamed_to text,
    -- where it stood
    stage text not null,
    began_at timestamptz not null default now(),
    finished_at timestamptz,
    changed_by text not null,
    reason text
);

create index former_entity_name on crossfade.former_entity (name, id desc);
create unique index former_entity_unfinished on crossfade.former_entity (name) where finished_at is null;

-- Migrations that were reverted although an entity was in the way: one row for each entity.
create table crossfade.forced_revert (
    id bigint generated always as identity primary key,
    version text not null,
    description text not null,
    entity text not null,
    stage text not null,
    -- what was overruled
    objection text not null,
    forced_at timestamptz not null default now(),
    forced_by text not null,
    reason text not null
);
