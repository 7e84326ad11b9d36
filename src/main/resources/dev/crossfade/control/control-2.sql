-- What shadow reads found. Counts of one instance and one minute, by the clock of this database.
create table crossfade.shadow_tally (
    entity text not null,
    instance uuid not null,
    bucket timestamptz not null,
    -- legacy compared with legacy, which tells how much noise there is
    aa boolean not null default false,
    compared bigint not null default 0,
    mismatched bigint not null default 0,
    primary key (entity, bucket, instance, aa)
);

-- The mismatches themselves. Values are redacted: type, length and a salted hash.
create table crossfade.shadow_mismatch (
    entity text not null,
    aa boolean not null,
    read text not null,
    -- empty where a whole result differs
    key text[] not null,
    fields text[] not null,
    legacy text[] not null,
    modern text[] not null,
    times bigint not null default 1,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (entity, aa, read, key)
);
