package dev.crossfade.statement;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Name;
import org.jooq.impl.DSL;

/**
 * A foreign key of a mirror's table, all of whose columns are written.
 *
 * @param constraint its name
 * @param table the table that it refers to
 * @param own whether it refers to the mirror's table itself
 * @param columns the places of its columns among {@link Projection#targetColumns()}, counted from 0
 * @param referenced the columns that it refers to, in the order of {@code columns}
 * @param places the places of {@code referenced} among the written columns; empty if the key refers to another table,
 *         or one of them is not written
 * @param looseness how a row can be written before the row that it refers to
 */
public record Reference(
        String constraint,
        Name table,
        boolean own,
        List<Integer> columns,
        List<Name> referenced,
        List<Integer> places,
        Looseness looseness) {

    /**
     * How a row can be written before the row that it refers to.
     *
     * @param deferrable whether the server can check the foreign key later than at the end of the statement
     * @param emptied the places of the foreign key's columns that may be null and are not part of the mirror's key:
     *         set to null, the row refers to nothing
     */
    public record Looseness(boolean deferrable, List<Integer> emptied) {

        /** Copies the list. */
        public Looseness {
            emptied = List.copyOf(emptied);
        }

        /** Tells whether the referenced row must be written first, or in the same statement. */
        public boolean isNone() {
            return !deferrable && emptied.isEmpty();
        }
    }

    /**
     * Leaves out keys that are not enforced (PostgreSQL 18), which refuse nothing, and those that the server creates
     * for partitions.
     */
    private static final TextStatement FOREIGN_KEYS = new TextStatement("""
            select k.conname, n.nspname, c.relname, k.confrelid = k.conrelid,
                   array(select cast(a.attname as text)
                         from unnest(k.conkey) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
                         order by u.place),
                   array(select cast(a.attname as text)
                         from unnest(k.confkey) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum
                         order by u.place),
                   k.condeferrable,
                   array(select not a.attnotnull
                         from unnest(k.conkey) with ordinality as u (attnum, place)
                         join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
                         order by u.place),
                   k.confmatchtype = 'f'
            from pg_catalog.pg_constraint as k
            join pg_catalog.pg_class as c on c.oid = k.confrelid
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            where k.contype = 'f'
              and k.conrelid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
              and not exists (select from pg_catalog.pg_constraint as whole
                              where whole.oid = k.conparentid and whole.conrelid = k.conrelid)
              and coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
            order by k.conname
            """);

    /** Copies the lists. */
    public Reference {
        columns = List.copyOf(columns);
        referenced = List.copyOf(referenced);
        places = List.copyOf(places);
    }

    /** Tells whether the referenced row may be one that is written at the same time. */
    public boolean isWithin() {
        return own && !places.isEmpty();
    }

    /** Returns the foreign keys of a mirror's table as they are now. */
    public static List<Reference> of(Connection mirror, Projection projection) throws SQLException {
        Relation target = projection.target();
        List<String> written =
                projection.targetColumns().stream().map(Column::name).toList();
        List<Reference> all = FOREIGN_KEYS.query(
                mirror, row -> reference(row, written, target.key().size()), target.schema(), target.table());
        return all.stream().filter(one -> !one.columns.contains(-1)).toList();
    }

    private static Reference reference(ResultSet row, List<String> written, int keyWidth) throws SQLException {
        boolean own = row.getBoolean(4);
        List<String> referenced = List.of((String[]) row.getArray(6).getArray());
        List<Integer> places = own ? places(referenced, written) : List.of();
        List<Integer> columns = places(List.of((String[]) row.getArray(5).getArray()), written);
        return new Reference(
                row.getString(1),
                DSL.name(row.getString(2), row.getString(3)),
                own,
                columns,
                referenced.stream().map(DSL::name).toList(),
                places.contains(-1) ? List.of() : places,
                new Looseness(row.getBoolean(7), emptied(row, columns, keyWidth)));
    }

    /**
     * The mirror's key columns come first among the written ones. With MATCH FULL all columns must be null together.
     */
    private static List<Integer> emptied(ResultSet row, List<Integer> columns, int keyWidth) throws SQLException {
        Boolean[] nullable = (Boolean[]) row.getArray(8).getArray();
        List<Integer> emptied = IntStream.range(0, columns.size())
                .filter(i -> nullable[i] && columns.get(i) >= keyWidth)
                .mapToObj(columns::get)
                .toList();
        return row.getBoolean(9) && emptied.size() < columns.size() ? List.of() : emptied;
    }

    private static List<Integer> places(List<String> columns, List<String> written) {
        List<Integer> places = new ArrayList<>();
        columns.forEach(column -> places.add(written.indexOf(column)));
        return places;
    }
}
