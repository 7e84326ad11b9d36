package dev.crossfade.check;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import dev.crossfade.check.Probe.Answer;
import dev.crossfade.mapping.Derived;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the expressions of one direction read, as the server resolves their names: it creates a temporary
 * view over the expression, reads its dependencies from {@code pg_depend}, and rolls the transaction back. The
 * expression's row is a view of its own, so that a subquery over the same table is distinguished from it.
 *
 * <p>If the login may not create temporary objects, or the server is in recovery, the words of the expression must
 * do; they name too much rather than too little. Not thread-safe.
 */
final class ExpressionReads {

    private static final Name ROW = name("pg_temp", "crossfade_row");
    private static final Name VIEW = name("pg_temp", "crossfade_reads");

    /** Follows views, operators and functions with an SQL-standard body down to the tables behind them. */
    private static final String DEPENDENCIES = """
            with recursive used (class, id, place) as (
                select d.refclassid, d.refobjid, d.refobjsubid
                from pg_catalog.pg_rewrite as r
                join pg_catalog.pg_depend as d
                  on d.classid = cast('pg_catalog.pg_rewrite' as regclass) and d.objid = r.oid
                where r.ev_class = cast({0} as regclass) and d.refobjid <> r.ev_class
                union
                select d.refclassid, d.refobjid, d.refobjsubid
                from used as u
                cross join lateral (
                    select cast('pg_catalog.pg_rewrite' as regclass), r.oid
                    from pg_catalog.pg_rewrite as r
                    where u.class = cast('pg_catalog.pg_class' as regclass) and r.ev_class = u.id
                      and u.id <> cast({1} as regclass)
                    union all select cast('pg_catalog.pg_proc' as regclass), u.id
                    where u.class = cast('pg_catalog.pg_proc' as regclass)
                    union all select cast('pg_catalog.pg_operator' as regclass), u.id
                    where u.class = cast('pg_catalog.pg_operator' as regclass)) as by (class, id)
                join pg_catalog.pg_depend as d on d.classid = by.class and d.objid = by.id and d.deptype = 'n'
                where d.refobjid <> u.id)
            select case when u.id = cast({1} as regclass) then 'row' else 'table' end as kind,
                   n.nspname || '.' || c.relname as name, a.attname as part
            from used as u
            join pg_catalog.pg_class as c
              on u.class = cast('pg_catalog.pg_class' as regclass) and c.oid = u.id and c.relkind in ('r', 'p', 'f', 'v', 'm')
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            left join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = u.place and u.place > 0
            where c.relkind <> 'v' or u.id = cast({1} as regclass)
            union
            select 'function', n.nspname || '.' || p.proname, null
            from used as u
            join pg_catalog.pg_proc as p on u.class = cast('pg_catalog.pg_proc' as regclass) and p.oid = u.id
            join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
            join pg_catalog.pg_language as l on l.oid = p.prolang
            where l.lanname not in ('internal', 'c') and p.provolatile <> 'i'
              and to_jsonb(p) ->> 'prosqlbody' is null
            """;

    private final SourceRow row;
    private final Probe scratch;

    /**
     * Examines expressions over {@code row}.
     *
     * @param scratch a connection to the database in which they run, on which temporary objects may be created
     */
    ExpressionReads(SourceRow row, Probe scratch) {
        this.row = row;
        this.scratch = scratch;
    }

    /**
     * What an expression reads.
     *
     * @param columns columns of its row, in alphabetical order
     * @param tables other tables, {@code schema.table} with the columns read
     * @param opaque functions that may read tables unseen
     */
    record Reads(Set<String> columns, Map<String, Set<String>> tables, Set<String> opaque) {

        /** Tells whether the expression may read more than its row. */
        boolean readsMore() {
            return !tables.isEmpty() || !opaque.isEmpty();
        }
    }

    /** Returns what an expression reads. */
    Reads of(Derived derived) {
        String expression = derived.expression();
        return switch (scratch.ask(dsl -> dependencies(dsl, expression))) {
            case Answer.Value<Reads>(Reads reads) -> reads;
            case Answer.Refusal<Reads> refusal -> asWorded(expression);
        };
    }

    /** An expression that the server refuses is reported elsewhere; here everything it names counts as read. */
    private Reads asWorded(String expression) {
        Map<String, Set<String>> tables =
                ExpressionText.hasQuery(expression) ? Map.of("other rows", Set.of()) : Map.of();
        return new Reads(ExpressionText.mentioned(expression, row.live().readable(row.side())), tables, Set.of());
    }

    private Reads dependencies(DSLContext dsl, String expression) {
        dsl.execute("create temporary view {0} as {1}", ROW.unqualifiedName(), row.rows());
        dsl.execute(
                "create temporary view {0} as {1}",
                VIEW.unqualifiedName(),
                select(field("({0}) is null", Boolean.class, raw(expression)).as("value"))
                        .from(table(ROW).as(name(row.relation().table()))));
        Set<String> columns = new TreeSet<>();
        Map<String, Set<String>> tables = new TreeMap<>();
        Set<String> opaque = new TreeSet<>();
        for (Record found : dsl.fetch(DEPENDENCIES, inline(text(VIEW)), inline(text(ROW)))) {
            String what = found.get("name", String.class);
            String part = found.get("part", String.class);
            switch (found.get("kind", String.class)) {
                case "row" -> add(columns, part);
                case "table" -> add(tables.computeIfAbsent(what, table -> new TreeSet<>()), part);
                default -> opaque.add(what);
            }
        }
        List<String> all = row.live().readable(row.side());
        if (ExpressionText.namesWholeRow(expression, row.relation().table())) {
            columns.addAll(all);
        }
        columns.retainAll(new HashSet<>(all));
        return new Reads(columns, tables, opaque);
    }

    private static void add(Set<String> names, @Nullable String one) {
        if (one != null) {
            names.add(one);
        }
    }

    private static String text(Name view) {
        return String.join(".", view.getName());
    }
}
