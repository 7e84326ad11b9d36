create schema modern;

create table modern.accounts (
    account_id bigint primary key,
    email text not null unique,
    full_name text,
    email_verified_at timestamptz not null
);

create table modern.order_line (
    order_id bigint,
    line_no integer,
    sku text not null,
    amount numeric(12, 2) not null,
    primary key (order_id, line_no)
);

create unique index order_line_sku_per_order on modern.order_line (order_id, sku);

create type modern.mood as enum ('happy', 'so-so', '2fa', 'class');

create table modern."Every-Thing" (
    "Class" uuid primary key,
    "MixedCase" text,
    "user-name" text not null,
    "2fa" boolean not null,
    mood modern.mood,
    moods modern.mood[],
    tags text[],
    numbers integer[] not null,
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
    tenant integer not null,
    unique (tenant, "user-name")
);

create unique index only_some on modern."Every-Thing" ("MixedCase") where level > 3;
create unique index an_expression on modern."Every-Thing" (lower("MixedCase"));
create unique index by_host on modern."Every-Thing" (host) include (level);
