-- Entities that services use in one transaction, and so have to have their authority in one database. A group is a row for each
-- of its entities: what is done to an entity's rows, when it is renamed or forgotten, needs to know nothing of groups.
create table crossfade.entity_group (
    id uuid not null,
    entity text not null,
    -- said by the service's settings; else seen in its transactions
    declared boolean not null,
    -- the instance that said or saw it last, and its version
    told_by text not null,
    version text not null,
    -- in how many transactions it was seen
    times bigint not null,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (id, entity)
);
