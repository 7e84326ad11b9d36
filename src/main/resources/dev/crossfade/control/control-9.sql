-- Entities that are contracted: their legacy structures are gone, or are being taken away. A row for each contract migration that did
-- so; it comes and goes with the migration's row in crossfade.schema_migrations, in the same transaction.
create table crossfade.contraction (
    entity text not null,
    version text not null,
    contracted_at timestamptz not null default now(),
    primary key (entity, version)
);
