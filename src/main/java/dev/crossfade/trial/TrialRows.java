package dev.crossfade.trial;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;

import dev.crossfade.check.ExpressionText;
import dev.crossfade.check.LiveMapping;
import dev.crossfade.check.LiveTable;
import dev.crossfade.check.LiveTable.Filling;
import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.BoundRows;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.RowSizes;
import dev.crossfade.statement.StatementMark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Generates rows for a trial that the authoritative side may hold: copies of an existing row with another key, fresh
 * values in unique columns, and the values to try.
 */
final class TrialRows {

    /** The type below any domain, and the values of an enum type. */
    private static final String TYPES = """
            with recursive base (attnum, attname, oid, typmod) as (
                select a.attnum, a.attname, a.atttypid, a.atttypmod from pg_catalog.pg_attribute as a
                where a.attrelid = to_regclass({0}) and a.attnum > 0 and not a.attisdropped
                union all
                select b.attnum, b.attname, t.typbasetype, t.typtypmod
                from base as b join pg_catalog.pg_type as t on t.oid = b.oid where t.typtype = 'd')
            select b.attname, pg_catalog.format_type(b.oid, b.typmod),
                   array(select cast(e.enumlabel as text) from pg_catalog.pg_enum as e
                         where e.enumtypid = b.oid order by e.enumsortorder)
            from base as b join pg_catalog.pg_type as t on t.oid = b.oid
            where t.typtype <> 'd'
            """;

    private static final String GIVEN = "crossfade_given";

    private final Projection projection;
    private final Relation source;
    private final List<LiveColumn> columns;
    private final Map<String, Base> types;
    private final Map<String, @Nullable String> sample;
    private final Set<String> fresh;
    private final Map<String, List<String>> varied = new LinkedHashMap<>();

    private record Base(String type, List<String> labels) {}

    /** Reads the types, and the row to be copied, from the database of the authoritative side. */
    static TrialRows read(Connection connection, LiveMapping live, Projection projection) throws SQLException {
        LiveTable table = live.table(projection.authority()).orElseThrow();
        DSLContext dsl = Databases.dsl(connection);
        Map<String, Base> types = new HashMap<>();
        dsl.fetch(TYPES, DSL.val(Databases.renderer().render(projection.source().qualifiedName())))
                .forEach(row -> types.put(
                        row.get(0, String.class),
                        new Base(row.get(1, String.class), Arrays.asList(row.get(2, String[].class)))));
        return new TrialRows(dsl, live, projection, table, types);
    }

    private TrialRows(
            DSLContext dsl, LiveMapping live, Projection projection, LiveTable table, Map<String, Base> types) {
        this.projection = projection;
        this.source = projection.source();
        this.types = types;
        Side authority = projection.authority();
        Set<String> readable = new HashSet<>(live.readable(authority));
        this.columns = table.columns().stream()
                .filter(one -> one.filling() != Filling.GENERATED)
                .filter(one -> !live.inPlace() || readable.contains(one.name()))
                .toList();
        Set<String> referring = new HashSet<>();
        table.foreignKeys().forEach(key -> referring.addAll(key.columns()));
        Set<String> keys = names(source.key());
        this.fresh = unique(live, table, authority);
        fresh.addAll(referring.containsAll(keys) ? keys : without(keys, referring));
        this.sample = sample(dsl, table);
        for (LiveColumn column : columns) {
            Base type = types.getOrDefault(column.name(), new Base(column.type(), List.of()));
            boolean read = projection.derived().stream()
                    .anyMatch(one -> ExpressionText.mentioned(one.expression(), List.of(column.name()))
                            .contains(column.name()));
            if (read
                    && !keys.contains(column.name())
                    && !fresh.contains(column.name())
                    && !referring.contains(column.name())) {
                varied.put(column.name(), TrialValues.of(type.type(), type.labels()));
            }
        }
    }

    /** Columns whose values must be unique, or from which unique values of the mirror are made. */
    private Set<String> unique(LiveMapping live, LiveTable table, Side authority) {
        Set<String> found = new HashSet<>();
        Set<String> keys = names(source.key());
        table.uniqueKeys().stream()
                .filter(one -> !keys.containsAll(one.columns()))
                .forEach(one -> found.addAll(one.columns()));
        Set<String> mirrored = new HashSet<>();
        live.table(authority.opposite()).stream()
                .flatMap(mirror -> mirror.uniqueKeys().stream())
                .forEach(one -> mirrored.addAll(one.columns()));
        projection.derived().stream()
                .filter(one -> mirrored.contains(one.column().name()))
                .forEach(one -> found.addAll(ExpressionText.mentioned(one.expression(), table.columnNames())));
        found.removeAll(keys);
        return found;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static Set<String> names(List<Column> columns) {
        Set<String> names = new HashSet<>();
        columns.forEach(column -> names.add(column.name()));
        return names;
    }

    /** An existing row; if there is none, ordinary values and references to existing rows. */
    private Map<String, @Nullable String> sample(DSLContext dsl, LiveTable table) {
        List<Field<String>> texts = columns.stream()
                .map(one -> Column.text(field(name(one.name()))))
                .toList();
        Optional<Record> found = texts.isEmpty() || isTooLarge(dsl)
                ? Optional.empty()
                : dsl.select(texts)
                        .from(source.toTable())
                        .orderBy(source.key().stream()
                                .map(column -> field(name(column.name())))
                                .toList())
                        .limit(1)
                        .fetchOptional()
                        .map(row -> row);
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            int index = i;
            values.put(
                    columns.get(i).name(),
                    found.isPresent() ? found.get().get(index, String.class) : ordinary(columns.get(i)));
        }
        if (found.isEmpty()) {
            table.foreignKeys().forEach(key -> refer(dsl, key, values));
        }
        return values;
    }

    /** A row that takes much memory is not used as a template. */
    private boolean isTooLarge(DSLContext dsl) {
        return dsl.connectionResult(connection -> {
            List<RecordKey> first = ends(connection, 1);
            return !first.isEmpty()
                    && new RowSizes(source).ofKeys(connection, first.subList(0, 1)) > ByteLimit.ofBatch();
        });
    }

    private @Nullable String ordinary(LiveColumn column) {
        Base type = types.getOrDefault(column.name(), new Base(column.type(), List.of()));
        List<String> values = TrialValues.of(type.type(), type.labels());
        return values.isEmpty() ? null : values.getFirst();
    }

    private static void refer(DSLContext dsl, ForeignKey key, Map<String, @Nullable String> values) {
        List<Field<String>> referenced = key.referencedColumns().stream()
                .map(column -> Column.text(field(name(column))))
                .toList();
        Optional<Record> row = dsl.select(referenced)
                .from(DSL.table(key.referenced()))
                .limit(1)
                .fetchOptional()
                .map(one -> one);
        for (int i = 0; i < key.columns().size(); i++) {
            if (values.containsKey(key.columns().get(i))) {
                values.put(key.columns().get(i), row.isPresent() ? row.get().get(i, String.class) : null);
            }
        }
    }

    /** Returns the number of rows to try; each has another value in every varied column. */
    int rows() {
        return 1 + varied.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** Returns the varied columns. */
    List<String> varied() {
        return List.copyOf(varied.keySet());
    }

    /**
     * Returns the values of a row; the last row has nulls wherever they are allowed.
     *
     * @param row the row's number, from 0
     * @param only the single column to vary, all of them if empty
     */
    Map<String, @Nullable String> values(int row, Optional<String> only) {
        Map<String, @Nullable String> values = new LinkedHashMap<>(sample);
        varied.forEach((column, tried) -> {
            if (only.isEmpty() || only.get().equals(column)) {
                values.put(column, row < tried.size() ? tried.get(row) : row == rows() - 1 ? null : values.get(column));
            }
        });
        for (LiveColumn column : columns) {
            Base type = types.getOrDefault(column.name(), new Base(column.type(), List.of()));
            String given =
                    fresh.contains(column.name()) ? TrialValues.fresh(narrower(column.name(), type.type())) : null;
            if (given != null && values.get(column.name()) != null) {
                values.put(column.name(), given);
            }
        }
        return values;
    }

    /** Returns the type of a key column on the narrower side: a key must fit both. */
    private String narrower(String name, String type) {
        for (int i = 0; i < source.key().size(); i++) {
            Column here = source.key().get(i);
            Column there = projection.target().key().get(i);
            if (here.name().equals(name) && !here.type().equals(there.type()) && KeyTypes.fits(there, here)) {
                return there.type();
            }
        }
        return type;
    }

    /**
     * Stores a row on the authoritative side, as a routed statement, which capture ignores.
     *
     * @return its key, empty if the server has stored nothing
     */
    Optional<RecordKey> store(Connection connection, Map<String, @Nullable String> values) throws SQLException {
        List<Column> stored = columns.stream().map(LiveColumn::column).toList();
        Query insert = Databases.renderer()
                .query(
                        "insert into {0} as {1} ({2}) overriding system value {3} returning {4}",
                        source.toTable(),
                        name(source.table()),
                        list(stored.stream()
                                .map(column -> field(name(column.name())))
                                .toList()),
                        new BoundRows(RowBinding.ONE).typed(stored),
                        list(source.keyTexts()));
        TextStatement statement = new TextStatement(Databases.renderer().render(insert)
                + StatementMark.of(projection.mapping().entity()).routes());
        @Nullable
        Object[] bound =
                stored.stream().map(column -> values.get(column.name())).toArray();
        return statement
                .query(connection, row -> TextStatement.key(row, 1, source.key().size()), bound)
                .stream()
                .findFirst();
    }

    /**
     * Changes the template row itself if it cannot be copied, for example because its key refers to another table.
     * Skips a row that somebody else has locked.
     *
     * @return its key, empty if it was skipped
     */
    Optional<RecordKey> change(Connection connection, Map<String, @Nullable String> values) throws SQLException {
        List<RecordKey> ends = ends(connection, 1);
        if (ends.isEmpty()) {
            return Optional.empty();
        }
        RecordKey key = ends.getFirst();
        boolean locked = !new ProjectionSql(projection, RowBinding.ONE)
                .lockFreeSource()
                .query(connection, row -> true, key.values().toArray())
                .isEmpty();
        if (!locked || varied.isEmpty()) {
            return locked ? Optional.of(key) : Optional.empty();
        }
        List<Column> changed = new ArrayList<>(source.key());
        columns.stream()
                .map(LiveColumn::column)
                .filter(one -> varied.containsKey(one.name()))
                .forEach(changed::add);
        Map<Field<?>, Field<?>> set = new LinkedHashMap<>();
        changed.stream()
                .skip(source.key().size())
                .forEach(column -> set.put(field(name(column.name())), field(name(GIVEN, column.name()))));
        Query update = Databases.renderer()
                .update(source.aliased())
                .set(set)
                .from(new BoundRows(RowBinding.ONE).typed(changed).asTable(name(GIVEN)))
                .where(DSL.and(source.key().stream()
                        .map(column -> source.field(column).eq(field(name(GIVEN, column.name()))))
                        .toList()));
        List<@Nullable String> bound = new ArrayList<>(key.values());
        changed.stream().skip(source.key().size()).forEach(column -> bound.add(values.get(column.name())));
        TextStatement statement = new TextStatement(Databases.renderer().render(update)
                + StatementMark.of(projection.mapping().entity()).routes());
        return statement.update(connection, bound.toArray()) == 1 ? Optional.of(key) : Optional.empty();
    }

    /** Returns the keys of the first and the last rows. */
    List<RecordKey> ends(Connection connection, int count) {
        List<Field<String>> texts = source.keyTexts();
        List<RecordKey> keys = new ArrayList<>();
        for (boolean last : List.of(false, true)) {
            Databases.dsl(connection)
                    .select(texts)
                    .from(source.aliased())
                    .orderBy(source.keyFields().stream()
                            .map(key -> last ? key.desc() : key.asc())
                            .toList())
                    .limit(count)
                    .forEach(row -> keys.add(new RecordKey(IntStream.range(0, texts.size())
                            .mapToObj(i -> row.get(i, String.class))
                            .toList())));
        }
        return keys.stream().distinct().toList();
    }
}
