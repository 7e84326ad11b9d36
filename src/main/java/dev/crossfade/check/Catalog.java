package dev.crossfade.check;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.crossfade.check.LiveTable.Action;
import dev.crossfade.check.LiveTable.Filling;
import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.LiveTable.Trigger;
import dev.crossfade.check.LiveTable.UniqueKey;
import dev.crossfade.mapping.Column;
import dev.crossfade.sql.Spelling;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * The catalog's description of some tables of one database, in one snapshot. Type names are schema-qualified unless
 * built in, whatever the connection's {@code search_path}.
 */
public final class Catalog {

    private static final String TABLES = """
            select cast(c.oid as bigint), n.nspname, c.relname
            from pg_catalog.pg_class as c
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            join unnest({0}, {1}) as wanted (schema_name, table_name)
              on n.nspname = wanted.schema_name and c.relname = wanted.table_name
            where c.relkind in ('r', 'p')
            """;
    private static final String ALL_RELATIONS = """
            select n.nspname, c.relname, c.relkind in ('r', 'p')
            from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
              and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'crossfade')
            order by 1, 2
            """;
    private static final String COLUMNS = """
            select cast(a.attrelid as bigint), a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                   a.attnotnull or t.typnotnull,
                   case when a.attgenerated <> '' then 'GENERATED'
                        when a.attidentity = 'a' then 'IDENTITY_ALWAYS'
                        when a.attidentity = 'd' then 'IDENTITY'
                        when a.atthasdef or t.typdefault is not null then 'DEFAULT'
                        else 'NONE' end,
                   array(with recursive part (oid, typmod) as (
                             select a.atttypid, a.atttypmod
                             union
                             select below.* from part join pg_catalog.pg_type as p on p.oid = part.oid
                             cross join lateral (
                                 select p.typbasetype, p.typtypmod where p.typtype = 'd'
                                 union all select p.typelem, part.typmod where p.typelem <> 0 and p.typlen = -1
                                 union all select r.rngsubtype, -1 from pg_catalog.pg_range as r
                                 where p.oid in (r.rngtypid, r.rngmultitypid)
                                 union all select f.atttypid, f.atttypmod from pg_catalog.pg_attribute as f
                                 where f.attrelid = p.typrelid and f.attnum > 0 and not f.attisdropped) as below)
                         select pg_catalog.format_type(oid, typmod) from part where oid <> a.atttypid order by 1),
                   not exists (select from pg_catalog.pg_collation as c
                               where c.oid = a.attcollation and not c.collisdeterministic),
                   (with recursive below (oid, typmod, arrays, depth) as (
                             select a.atttypid, a.atttypmod, 0, 0
                             union all
                             select next.oid, next.typmod, below.arrays + next.arrays, below.depth + 1
                             from below join pg_catalog.pg_type as p on p.oid = below.oid
                             cross join lateral (
                                 select p.typbasetype as oid, greatest(below.typmod, p.typtypmod) as typmod, 0 as arrays
                                 where p.typtype = 'd'
                                 union all select e.oid, below.typmod, 1 from pg_catalog.pg_type as e
                                 where e.typarray = p.oid) as next)
                         select case when arrays > 1 then pg_catalog.format_type(a.atttypid, a.atttypmod)
                                     else pg_catalog.format_type(oid, typmod) || repeat('[]', arrays) end
                         from below order by depth desc limit 1)
            from pg_catalog.pg_attribute as a join pg_catalog.pg_type as t on t.oid = a.atttypid
            where a.attrelid = any ({0}) and a.attnum > 0 and not a.attisdropped
            order by a.attrelid, a.attnum
            """;
    private static final String UNIQUE_KEYS = """
            select cast(i.indrelid as bigint), c.relname,
                   array(select cast(a.attname as text)
                         from unnest(cast(i.indkey as smallint[])) with ordinality as k (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
                         where k.place <= i.indnkeyatts order by k.place),
                   i.indisprimary, not i.indimmediate,
                   not exists (select from unnest(cast(i.indcollation as oid[])) as k (oid)
                               join pg_catalog.pg_collation as c on c.oid = k.oid
                               where not c.collisdeterministic)
            from pg_catalog.pg_index as i join pg_catalog.pg_class as c on c.oid = i.indexrelid
            where i.indrelid = any ({0}) and i.indisunique and i.indisvalid
              and i.indpred is null and i.indexprs is null
            order by i.indrelid, i.indisprimary desc, c.relname
            """;
    private static final String FOREIGN_KEYS = """
            select cast(k.conrelid as bigint), k.conname,
                   array(select cast(a.attname as text)
                         from unnest(k.conkey) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
                         order by u.place),
                   n.nspname, c.relname,
                   array(select cast(a.attname as text)
                         from unnest(k.confkey) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum
                         order by u.place),
                   cast(k.confdeltype as text), cast(k.confupdtype as text), k.condeferrable, k.confmatchtype = 'f'
            from pg_catalog.pg_constraint as k
            join pg_catalog.pg_class as c on c.oid = k.confrelid
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            where k.conrelid = any ({0}) and k.contype = 'f'
            order by k.conrelid, k.conname
            """;
    /**
     * In tgtype, 1 is FOR EACH ROW, 2 is BEFORE, 4 and 16 are INSERT and UPDATE, 64 is INSTEAD OF. Leaves out
     * triggers whose WHEN asks whether the mirror writes, because they ignore those writes.
     */
    private static final String TRIGGERS = """
            select cast(t.tgrelid as bigint), t.tgname, t.tgtype & 2 <> 0
            from pg_catalog.pg_trigger as t
            where t.tgrelid = any ({0}) and not t.tgisinternal and t.tgenabled <> 'D'
              and t.tgtype & 1 <> 0 and t.tgtype & 64 = 0 and t.tgtype & 20 <> 0
              and not exists (select from pg_catalog.pg_depend as d join pg_catalog.pg_proc as p on p.oid = d.refobjid
                              where d.classid = 'pg_catalog.pg_trigger'::regclass and d.objid = t.oid
                                and d.refclassid = 'pg_catalog.pg_proc'::regclass and p.proname = 'is_mirror_write'
                                and p.pronamespace = pg_catalog.to_regnamespace('crossfade'))
            order by t.tgrelid, t.tgname
            """;

    private static final String SHAPES = """
            select cast(c.oid as bigint),
                   array(select cast(cast(i.inhparent as regclass) as text) from pg_catalog.pg_inherits as i
                         where i.inhrelid = c.oid order by i.inhseqno),
                   array(select cast(cast(i.inhrelid as regclass) as text) from pg_catalog.pg_inherits as i
                         where i.inhparent = c.oid and c.relkind <> 'p' order by 1),
                   c.relispartition, c.relpersistence = 'p',
                   array(select cast(r.rulename as text) from pg_catalog.pg_rewrite as r
                         where r.ev_class = c.oid and r.ev_enabled <> 'D' order by 1)
            from pg_catalog.pg_class as c
            where c.oid = any ({0})
            """;

    private final Map<Name, LiveTable> tables;
    private final List<Other> others;

    private Catalog(Map<Name, LiveTable> tables, List<Other> others) {
        this.tables = tables;
        this.others = others;
    }

    /** Another relation, which the caller may have meant. */
    private record Other(Name name, boolean table) {}

    /**
     * Reads the catalog's description of those of {@code names} that are tables.
     *
     * @param names schema and table of each, as the catalog spells them
     * @throws dev.crossfade.model.UnavailableException if the database cannot be reached or used
     */
    public static Catalog read(DataSource database, Collection<Name> names) {
        try (Probe probe = Probe.open(database)) {
            return probe.require(dsl -> {
                dsl.fetch("select pg_catalog.set_config('search_path', '', true)");
                return read(dsl, names);
            });
        }
    }

    /** Returns a table, empty if there is none of that name. */
    public Optional<LiveTable> table(Name name) {
        return Optional.ofNullable(tables.get(name));
    }

    /**
     * Returns the remedy for a missing table: {@code Did you mean …?} if there are tables of a similar name,
     * otherwise the sentence {@code otherwise}.
     */
    public String tableRemedy(Name name, String otherwise) {
        if (others.stream().anyMatch(other -> !other.table && other.name.equals(name))) {
            return "%s is a view or a foreign table; map the tables behind it.".formatted(text(name));
        }
        List<Name> candidates =
                others.stream().filter(Other::table).map(Other::name).toList();
        List<String> namesakes = candidates.stream()
                .filter(candidate -> Objects.equals(candidate.last(), name.last()))
                .map(Catalog::text)
                .toList();
        return namesakes.isEmpty()
                ? Spelling.remedy(
                        text(name), candidates.stream().map(Catalog::text).toList(), otherwise)
                : Spelling.remedy(namesakes.getFirst(), namesakes, otherwise);
    }

    private static String text(Name name) {
        return String.join(".", name.getName());
    }

    private static Catalog read(DSLContext database, Collection<Name> names) {
        List<Name> wanted = names.stream().distinct().toList();
        Map<Name, Long> ids = new LinkedHashMap<>();
        database.fetch(
                        TABLES,
                        DSL.val(wanted.stream().map(Name::first).toArray(String[]::new)),
                        DSL.val(wanted.stream().map(Name::last).toArray(String[]::new)))
                .forEach(row ->
                        ids.put(DSL.name(row.get(1, String.class), row.get(2, String.class)), row.get(0, Long.class)));
        Field<?> any = DSL.field(
                "cast({0} as oid[])", Object.class, DSL.val(ids.values().toArray(Long[]::new)));
        Map<Long, List<LiveColumn>> columns = byTable(database, COLUMNS, any, Catalog::column);
        Map<Long, List<UniqueKey>> uniqueKeys = byTable(database, UNIQUE_KEYS, any, Catalog::uniqueKey);
        Map<Long, List<ForeignKey>> foreignKeys = byTable(database, FOREIGN_KEYS, any, Catalog::foreignKey);
        Map<Long, List<Trigger>> triggers = byTable(
                database, TRIGGERS, any, row -> new Trigger(row.get(1, String.class), row.get(2, Boolean.class)));
        Map<Long, TableShape> shapes = new HashMap<>();
        byTable(database, SHAPES, any, Catalog::shape).forEach((id, shape) -> shapes.put(id, shape.getFirst()));
        Map<Name, LiveTable> tables = new HashMap<>();
        ids.forEach((name, id) -> tables.put(
                name,
                new LiveTable(
                        name,
                        columns.getOrDefault(id, List.of()),
                        uniqueKeys.getOrDefault(id, List.of()),
                        foreignKeys.getOrDefault(id, List.of()),
                        triggers.getOrDefault(id, List.of()),
                        shapes.getOrDefault(id, TableShape.ORDINARY))));
        List<Other> others = tables.size() == wanted.size()
                ? List.of()
                : database.fetch(ALL_RELATIONS)
                        .map(row -> new Other(
                                DSL.name(row.get(0, String.class), row.get(1, String.class)),
                                row.get(2, Boolean.class)));
        return new Catalog(tables, others);
    }

    private static <T> Map<Long, List<T>> byTable(
            DSLContext database, String sql, Field<?> ids, Function<Record, T> reader) {
        return database.fetch(sql, ids).stream()
                .collect(groupingBy(row -> row.get(0, Long.class), mapping(reader, toList())));
    }

    private static LiveColumn column(Record row) {
        return new LiveColumn(
                new Column(row.get(1, String.class), row.get(2, String.class), row.get(7, String.class)),
                row.get(3, Boolean.class),
                Filling.valueOf(row.get(4, String.class)),
                Arrays.asList(row.get(5, String[].class)),
                row.get(6, Boolean.class));
    }

    private static UniqueKey uniqueKey(Record row) {
        return new UniqueKey(
                row.get(1, String.class),
                Arrays.asList(row.get(2, String[].class)),
                row.get(3, Boolean.class),
                row.get(4, Boolean.class),
                row.get(5, Boolean.class));
    }

    private static ForeignKey foreignKey(Record row) {
        return new ForeignKey(
                row.get(1, String.class),
                Arrays.asList(row.get(2, String[].class)),
                DSL.name(row.get(3, String.class), row.get(4, String.class)),
                Arrays.asList(row.get(5, String[].class)),
                action(row.get(6, String.class)),
                action(row.get(7, String.class)),
                row.get(8, Boolean.class),
                row.get(9, Boolean.class));
    }

    private static TableShape shape(Record row) {
        return new TableShape(
                Arrays.asList(row.get(1, String[].class)),
                Arrays.asList(row.get(2, String[].class)),
                row.get(3, Boolean.class),
                row.get(4, Boolean.class),
                Arrays.asList(row.get(5, String[].class)));
    }

    private static Action action(String code) {
        return switch (code) {
            case "r" -> Action.RESTRICT;
            case "c" -> Action.CASCADE;
            case "n" -> Action.SET_NULL;
            case "d" -> Action.SET_DEFAULT;
            default -> Action.NO_ACTION;
        };
    }
}
