-- For a trigger's WHEN: tells whether the statement at work is one by which Crossfade mirrors to a table, or to one of its
-- partitions: live, by a backfill, an applier, a repair, a recovery, or a trial. Such a statement ends with a mark that names the
-- table. One statement may write both sides; for the table of the other side it is false then.
create or replace function crossfade.is_mirror_write(p_table regclass) returns boolean
    language plpgsql stable as $$
declare
    target constant text := substring(right(current_query(), 1000)
        from '/\* crossfade to ([^*]+) \*/(?:/\* crossfade (?:routes|mirrors) [^ ]+ \*/)?$');
begin
    return target is not null and exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where (c.oid = p_table or c.oid in (select a.relid from pg_partition_ancestors(p_table) a))
            and target = replace(replace(replace(n.nspname, '%', '%25'), '*', '%2A'), '.', '%2E') || '.'
                || replace(replace(replace(c.relname, '%', '%25'), '*', '%2A'), '.', '%2E'));
end
$$;

-- As above, without the table. It cannot tell the sides of a statement that writes both apart, so that such a statement fails; the
-- service then writes them one after the other.
create or replace function crossfade.is_mirror_write() returns boolean
    language plpgsql stable as $$
declare
    marks constant text := right(current_query(), 1000);
begin
    if marks ~ '/\* crossfade mirrors [^ ]+ \*/$' then
        return true;
    end if;
    if marks ~ '/\* crossfade to [^*]+ \*/(?:/\* crossfade routes [^ ]+ \*/)?$' then
        raise exception 'a statement that writes both sides of an entity meets a trigger that asks for mirror writes without naming its table'
            using errcode = 'CF007', hint = 'Use crossfade.is_mirror_write(''schema.table'').';
    end if;
    return false;
end
$$;

grant execute on function crossfade.is_mirror_write(regclass), crossfade.is_mirror_write() to public;
