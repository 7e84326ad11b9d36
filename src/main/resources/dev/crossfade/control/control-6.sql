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
