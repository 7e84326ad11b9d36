create table legacy.everything (
    "class" uuid primary key,
    "Mixed Case" text,
    "user-name" text not null,
    "2fa" boolean not null default false,
    mood legacy."Mood",
    moods legacy."Mood"[],
    tags text[],
    numbers integer[] not null default '{}',
    document jsonb,
    raw json,
    price numeric(30, 10),
    born date,
    seen timestamptz,
    local_time timestamp,
    avatar bytea,
    host inet,
    hosts inet[],
    level smallint,
    ratio double precision,
    "hashCode" text,
    tenant integer not null
);
create unique index on legacy.everything (host);
