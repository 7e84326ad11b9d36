-- Saves whose values the legacy side does not bring back as they were given, while legacy decides: one row for each key.
create table crossfade.lossy_write (
    entity text not null,
    -- as the legacy side spells it
    key text[] not null,
    -- the modern columns, and for each what was given and what came back, redacted
    columns text[] not null,
    given text[] not null,
    stored text[] not null,
    -- the mapping's fingerprint
    mapping text not null,
    times bigint not null default 1,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    -- when a value was another one for the last time, and not only spelled differently; null where that has not been seen
    changed_at timestamptz,
    primary key (entity, key)
);

-- Keys whose modern row cannot be had again from its legacy row, while modern decides. A row comes and goes with the mirror row,
-- in its transaction. The step back is refused while there are any.
create table crossfade.lossy_key (
    entity text not null,
    -- as the modern side spells it
    key text[] not null,
    -- the modern columns whose value is another one
    columns text[] not null,
    noted_at timestamptz not null default now(),
    primary key (entity, key)
);

-- Refuses to save a record that the legacy side would change. Key and columns are told in fields of their own.
create function crossfade.refuse_lossy(p_entity text, p_key text[], p_columns text[]) returns text[]
    language plpgsql as $$
begin
    raise exception 'the legacy side would change what was given of entity %', p_entity
        using errcode = 'CF006', detail = array_to_string(p_key, chr(31)), column = array_to_string(p_columns, chr(31));
end
$$;

-- Notes of a key, whose mirror row the same transaction has just written or deleted, in which columns its way back is lossy; null
-- where it is not. In a function of its own each statement has a new snapshot, so that it sees what was noted by
-- the writer that it has waited for. Always false, so that a query can call it and return nothing.
create function crossfade.note_way_back(p_entity text, p_key text[], p_columns text[]) returns boolean
    language plpgsql volatile as $$
begin
    if p_columns is null then
        delete from crossfade.lossy_key k where k.entity = p_entity and k.key = p_key;
    else
        insert into crossfade.lossy_key as k (entity, key, columns, noted_at)
        values (p_entity, p_key, p_columns, clock_timestamp())
        on conflict (entity, key) do update set columns = excluded.columns, noted_at = excluded.noted_at
        where k.columns is distinct from excluded.columns;
    end if;
    return false;
end
$$;
