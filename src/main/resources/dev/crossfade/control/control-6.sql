-- What a proof is about: the mapping's fingerprint, then for each side token, system, timeline, log position and beat of its
-- database, and the numbers of its table's files. Null for proofs from before there was such a thing: they prove nothing.
alter table crossfade.verification add column evidence text[];
alter table crossfade.backfill add column evidence text[];

-- Comparisons prove something of the mapping and the tables that they were made with, and of no others.
alter table crossfade.shadow_tally add column proves text not null default '';

-- How many rows of the mirror a pass deleted or overwrote, and how many it did not, as they would have been too many.
alter table crossfade.sweep_cycle
    add column destroyed bigint not null default 0,
    add column held_back bigint not null default 0;

-- What operators decided where the databases disagreed about an entity's past. A decision that is not finished has not been
-- carried out to its end, and the entity is frozen until it is.
create table crossfade.recovery (
    id bigint generated always as identity primary key,
    entity text not null,
    -- the side whose rows were kept
    winner text not null,
    stage text not null,
    epoch bigint not null,
    -- why it was frozen
    frozen text not null,
    decided_by text not null,
    reason text not null,
    began_at timestamptz not null default now(),
    finished_at timestamptz,
    -- how many rows of the losing side were to be deleted or overwritten, at the last attempt
    destroyed bigint not null default 0
);

create unique index recovery_unfinished on crossfade.recovery (entity) where finished_at is null;
