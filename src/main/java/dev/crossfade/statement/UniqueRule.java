package dev.crossfade.statement;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.TextStatement;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A unique index or exclusion constraint of a mirror's table, other than the key: two rows must not have the same
 * value in it.
 *
 * @param name the index's name
 * @param values the indexed values, as SQL over the table's columns
 * @param operators by which two rows exclude each other, one for each value
 * @param predicate the index's predicate, null if all rows are indexed
 * @param emptied columns that may be set to null for a moment, so that the row leaves the index; empty if there are
 *         none
 * @param unwritten columns of the table that the mapping does not write, which values or predicate may read
 */
public record UniqueRule(
        String name,
        List<String> values,
        List<String> operators,
        @Nullable String predicate,
        List<String> emptied,
        List<String> unwritten) {

    /**
     * A column can be emptied if it is written afterwards and no foreign key of another table acts on its change.
     * With NULLS NOT DISTINCT emptying several rows does not help.
     */
    private static final TextStatement RULES = new TextStatement("""
            select c.relname,
                   array(select cast(a.attname as text) from unnest(cast(i.indkey as smallint[])) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = u.attnum
                         where u.place <= i.indnkeyatts and i.indexprs is null),
                   array(select pg_catalog.pg_get_indexdef(i.indexrelid, place, true)
                                || coalesce((select format(' collate %I.%I', n.nspname, o.collname)
                                             from pg_catalog.pg_collation as o
                                             join pg_catalog.pg_namespace as n on n.oid = o.collnamespace
                                             where not o.collisdeterministic
                                               and o.oid = (cast(i.indcollation as oid[]))[place - 1]), '')
                         from generate_series(1, i.indnkeyatts) as place order by place),
                   coalesce((select array(select format('operator(%I.%s)', n.nspname, o.oprname)
                                          from unnest(k.conexclop) with ordinality as u (oid, place)
                                          join pg_catalog.pg_operator as o on o.oid = u.oid
                                          join pg_catalog.pg_namespace as n on n.oid = o.oprnamespace
                                          order by u.place)
                             from pg_catalog.pg_constraint as k
                             where k.conindid = i.indexrelid and k.contype = 'x'),
                            array_fill(case when coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'true'
                                            then cast('is not distinct from' as text) else '=' end,
                                       array[cast(i.indnkeyatts as integer)])),
                   pg_catalog.pg_get_expr(i.indpred, i.indrelid, true),
                   array(select cast(a.attname as text)
                         from unnest(cast(i.indkey as smallint[])) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = u.attnum
                         join pg_catalog.pg_type as t on t.oid = a.atttypid
                         where u.place <= i.indnkeyatts and not a.attnotnull and not t.typnotnull
                           and a.attname = any (cast(? as text[]))
                           and coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false'
                           and not exists (select from pg_catalog.pg_constraint as k
                                           where k.contype = 'f' and k.confrelid = i.indrelid
                                             and a.attnum = any (k.confkey) and k.confupdtype in ('c', 'n', 'd'))),
                   array(select cast(a.attname as text) from pg_catalog.pg_attribute as a
                         where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped
                           and a.attname <> all (cast(? as text[])))
            from pg_catalog.pg_index as i
            join pg_catalog.pg_class as c on c.oid = i.indexrelid
            where i.indrelid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
              and i.indisready and (i.indisunique or i.indisexclusion)
            order by c.relname
            """);

    /** Copies the lists. */
    public UniqueRule {
        values = List.copyOf(values);
        operators = List.copyOf(operators);
        emptied = List.copyOf(emptied);
        unwritten = List.copyOf(unwritten);
    }

    /** Returns the rules of a mirror's table as they are now. */
    public static List<UniqueRule> of(Connection mirror, Projection projection) throws SQLException {
        Relation target = projection.target();
        Set<String> key = new HashSet<>(target.key().stream().map(Column::name).toList());
        String[] derived = projection.derived().stream()
                .map(one -> one.column().name())
                .filter(name -> !key.contains(name))
                .toArray(String[]::new);
        return RULES
                .query(
                        mirror,
                        row -> key.equals(new HashSet<>(texts(row, 2)))
                                ? Optional.<UniqueRule>empty()
                                : Optional.of(rule(row)),
                        derived,
                        projection.targetColumns().stream().map(Column::name).toArray(String[]::new),
                        target.schema(),
                        target.table())
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static UniqueRule rule(ResultSet row) throws SQLException {
        return new UniqueRule(
                row.getString(1), texts(row, 3), texts(row, 4), row.getString(5), texts(row, 6), texts(row, 7));
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }
}
