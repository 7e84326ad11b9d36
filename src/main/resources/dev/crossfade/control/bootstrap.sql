create schema if not exists crossfade;

create table if not exists crossfade.control_version (
    part text primary key,
    version integer not null
);
