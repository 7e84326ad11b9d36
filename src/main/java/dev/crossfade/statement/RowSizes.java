package dev.crossfade.statement;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextStatement;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;

/**
 * Estimates how much memory rows of a table take, before they are read. TOASTed texts and bytes are not fetched for
 * it: the server knows their lengths. Thread-safe.
 */
public final class RowSizes {

    /** For other types only the stored size is known; uncompressed and as text they are larger. */
    private static final int GROWTH = 4;

    private static final String COLUMNS = """
            select cast(a.attname as text),
                   case when t.typcategory = 'S' then 'text' when t.typname = 'bytea' then 'bytea' else '' end
            from pg_catalog.pg_attribute as a join pg_catalog.pg_type as t on t.oid = a.atttypid
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped and a.attlen = -1
              and t.typname <> 'numeric'
            order by a.attnum
            """;

    private final Relation relation;
    private volatile Optional<List<Field<Long>>> columns = Optional.empty();

    /** Prepares the queries for a table. */
    public RowSizes(Relation relation) {
        this.relation = relation;
    }

    /** Returns how many bytes the rows of some keys take together. */
    public long ofKeys(Connection connection, Collection<RecordKey> keys) throws SQLException {
        List<Field<Long>> sizes = columns(connection);
        if (sizes.isEmpty()) {
            return 0;
        }
        BoundRows bound = new BoundRows(RowBinding.MANY);
        DSLContext renderer = Databases.renderer();
        TextStatement statement =
                new TextStatement(renderer.render(renderer.select(coalesce(sum(total(sizes)), inline(BigDecimal.ZERO)))
                        .from(relation.aliased())
                        .join(bound.keysOf(relation))
                        .on(bound.match(relation))));
        return statement
                .query(connection, row -> row.getLong(1), TextStatement.arrays(keys))
                .getFirst();
    }

    /** Returns how many of the first rows of a range fit into so many bytes, but at least one. */
    public int fitting(Connection connection, KeyRange range, int rows, long bytes) {
        List<Field<Long>> sizes = columns(connection);
        if (rows == 1 || sizes.isEmpty()) {
            return rows;
        }
        int fitting = 0;
        long taken = 0;
        for (long size : Databases.dsl(connection)
                .select(total(sizes))
                .from(relation.aliased())
                .where(range.covers(relation))
                .orderBy(relation.keyFields())
                .limit(rows)
                .fetch(0, long.class)) {
            taken += size;
            if (taken > bytes) {
                return Math.max(1, fitting);
            }
            fitting++;
        }
        return rows;
    }

    private List<Field<Long>> columns(Connection connection) {
        if (columns.isEmpty()) {
            columns = Optional.of(Databases.dsl(connection)
                    .fetch(COLUMNS, Databases.renderer().render(relation.qualifiedName()))
                    .map(row -> size(row.get(0, String.class), row.get(1, String.class))));
        }
        return columns.get();
    }

    private Field<Long> size(String column, String kind) {
        Field<Object> value = field(name(relation.table(), column));
        String template = switch (kind) {
            case "text" -> "coalesce(cast(octet_length(cast({0} as text)) as bigint), 0)";
            case "bytea" -> "coalesce(2 * cast(octet_length({0}) as bigint), 0)";
            default -> "coalesce({1} * cast(pg_column_size({0}) as bigint), 0)";
        };
        return field(template, Long.class, value, inline(GROWTH));
    }

    private static Field<Long> total(List<Field<Long>> sizes) {
        return sizes.stream().reduce(inline(0L), Field::plus);
    }
}
