-- How many shadow reads were compared and how many differed, by the minute; aa: the legacy side compared with itself.
create table crossfade.shadow_tally (entity text not null, instance uuid not null, bucket timestamptz not null, aa boolean not null default false, compared bigint not null default 0, mismatched bigint not null default 0, primary key (entity, bucket, instance, aa));
