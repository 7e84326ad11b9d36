package dev.crossfade.trial;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;

import dev.crossfade.check.LiveMapping;
import dev.crossfade.check.LiveTable;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.Roles;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.sql.UndecodableText;
import dev.crossfade.statement.BoundRows;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.RowSizes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;

/** Writes rows to the mirror as the mapping does, and compares the stored rows with the intended ones. */
final class TrialMirror {

    /** Trailing blanks of a text, or of an array's elements, which are quoted if they contain blanks. */
    private static final Pattern TRAILING_BLANKS = Pattern.compile("\\s+(?=\"?(?:[,}]|$))");

    private final TrialSession session;
    private final LiveMapping live;
    private final Projection projection;
    private final TrialFindings found;
    private final TrialParents parents;
    private final ProjectionSql sql;
    private final ProjectionSql forth;
    private final RowSizes sizes;
    private final TextStatement unconverted;
    private final TextStatement others;
    private final List<String> otherColumns;

    /** The places of columns whose values belong to one row, because they are unique or refer to other rows. */
    private final List<Integer> kept;

    /** The last row that the mirror stored unchanged, so that a row is also updated from another one. */
    private Optional<List<@Nullable String>> last = Optional.empty();

    TrialMirror(
            TrialSession session, LiveMapping live, Projection projection, TrialFindings found, TrialParents parents) {
        this.session = session;
        this.live = live;
        this.projection = projection;
        this.found = found;
        this.parents = parents;
        this.sql = new ProjectionSql(projection, RowBinding.ONE);
        this.sizes = new RowSizes(projection.source());
        this.forth = new ProjectionSql(projection.mapping().from(Side.LEGACY), RowBinding.ONE);
        this.unconverted = unconverted();
        this.otherColumns = otherColumns();
        this.kept = kept();
        this.others = reading(
                projection.target(),
                otherColumns.stream()
                        .map(column ->
                                Column.text(field(name(projection.target().table(), column))))
                        .toList());
    }

    /** The values, before conversion, of the expressions whose column might cut them off. */
    private TextStatement unconverted() {
        return reading(
                projection.source(),
                projection.derived().stream()
                        .map(one -> isCut(one)
                                ? Column.text(field("({0})", Object.class, raw(one.expression())))
                                : field("cast(null as text)", String.class))
                        .toList());
    }

    private boolean isCut(Derived derived) {
        return live.table(projection.authority().opposite())
                .flatMap(table -> table.column(derived.column().name()))
                .map(column -> TrialValues.isCut(column.type())
                        || column.parts().stream()
                                .anyMatch(part -> !column.type().contains(".") && TrialValues.isCut(part)))
                .orElse(false);
    }

    /** For a column mapping, the columns of the row that the mirror's statement does not write. */
    private List<String> otherColumns() {
        if (!live.inPlace()) {
            return List.of();
        }
        List<String> written =
                projection.targetColumns().stream().map(Column::name).toList();
        return live.legacy().stream()
                .flatMap(table -> table.columns().stream())
                .filter(column -> column.filling() != LiveTable.Filling.GENERATED)
                .map(LiveColumn::name)
                .filter(column -> !written.contains(column))
                .toList();
    }

    private List<Integer> kept() {
        Set<String> names = new HashSet<>();
        live.table(projection.authority().opposite()).ifPresent(table -> {
            table.uniqueKeys().forEach(key -> names.addAll(key.columns()));
            table.foreignKeys().forEach(key -> names.addAll(key.columns()));
        });
        List<Column> columns = projection.targetColumns();
        return IntStream.range(0, columns.size())
                .filter(i -> i < projection.target().key().size()
                        || names.contains(columns.get(i).name()))
                .boxed()
                .toList();
    }

    private static TextStatement reading(Relation relation, List<Field<String>> texts) {
        BoundRows bound = new BoundRows(RowBinding.ONE);
        List<Field<?>> fields = new ArrayList<>(texts);
        fields.add(field("1"));
        Select<?> select = Databases.renderer()
                .select(fields)
                .from(relation.aliased())
                .join(bound.keysOf(relation))
                .on(bound.match(relation));
        return new TextStatement(Databases.renderer().render(select));
    }

    /**
     * Mirrors a row and compares; differences go to the findings.
     *
     * @return whether it was tried
     */
    boolean write(RecordKey key) throws SQLException {
        // The row of a key that is no text cannot be read, and the check of the key says so.
        if (UndecodableText.isIn(key) || sizes.ofKeys(session.source(), List.of(key)) > ByteLimit.ofBatch()) {
            return false;
        }
        Object[] bound = key.values().toArray();
        int width = projection.source().key().size();
        List<List<@Nullable String>> projected;
        List<@Nullable String> meant;
        List<@Nullable String> raw;
        try {
            projected = projected(bound);
            if (projected.isEmpty()) {
                return false;
            }
            List<List<@Nullable String>> comparable = rows(
                    sql.readComparable(),
                    session.source(),
                    width,
                    projection.targetColumns().size(),
                    bound);
            List<List<@Nullable String>> unconvertedRows =
                    rows(unconverted, session.source(), 0, projection.derived().size(), bound);
            if (comparable.isEmpty() || unconvertedRows.isEmpty() || !projected.equals(projected(bound))) {
                // somebody is writing it now
                return false;
            }
            meant = comparable.getFirst();
            raw = unconvertedRows.getFirst();
        } catch (SQLException e) {
            return found.unprojectable(e);
        }
        try {
            return live.inPlace() ? inPlace(bound, meant, raw) : apart(projected.getFirst(), meant, raw);
        } catch (SQLException e) {
            return found.refused(e);
        }
    }

    private List<List<@Nullable String>> projected(Object[] key) throws SQLException {
        return rows(
                sql.readProjected(),
                session.source(),
                projection.source().key().size(),
                projection.targetColumns().size(),
                key);
    }

    private boolean inPlace(Object[] key, List<@Nullable String> meant, List<@Nullable String> raw)
            throws SQLException {
        Connection mirror = session.mirror();
        if (sql.lockFreeSource().query(mirror, row -> true, key).isEmpty()) {
            return false;
        }
        List<List<@Nullable String>> present = rows(others, mirror, 0, otherColumns.size(), key);
        if (present.isEmpty()) {
            return false;
        }
        List<@Nullable String> untouched = present.getFirst();
        sql.mirrorPresent().update(mirror, key);
        List<List<@Nullable String>> after = rows(others, mirror, 0, otherColumns.size(), key);
        int before = found.count();
        compare(key, meant, raw);
        if (found.count() == before) {
            giveBack(key);
        }
        for (int i = 0; i < otherColumns.size() && !after.isEmpty(); i++) {
            if (!Objects.equals(untouched.get(i), after.getFirst().get(i))) {
                found.changedBeside(otherColumns.get(i));
            }
        }
        return true;
    }

    /**
     * Inserts or updates the row, then updates it from another one, because a trigger may depend on which columns
     * change.
     */
    private boolean apart(List<@Nullable String> row, List<@Nullable String> meant, List<@Nullable String> raw)
            throws SQLException {
        Connection mirror = session.mirror();
        int width = projection.target().key().size();
        Object[] key = row.subList(0, width).toArray();
        int before = found.count();
        parents.mirror(live, row);
        sql.writeTarget().update(mirror, row.toArray());
        compare(key, meant, raw);
        if (found.count() == before) {
            if (projected(key).equals(List.of(row))) {
                giveBack(key);
            }
            change(row);
            sql.writeTarget().update(mirror, row.toArray());
            compare(key, meant, raw);
            last = Optional.of(row);
        }
        return true;
    }

    /** Gives the row other values, as far as the table accepts them. */
    private void change(List<@Nullable String> row) throws SQLException {
        List<@Nullable String> other = new ArrayList<>(last.orElse(row));
        kept.forEach(i -> other.set(i, row.get(i)));
        Savepoint before = session.mirror().setSavepoint();
        try {
            sql.writeTarget().update(session.mirror(), other.toArray());
        } catch (SQLException e) {
            session.mirror().rollback(before);
        }
    }

    private void compare(Object[] key, List<@Nullable String> meant, List<@Nullable String> raw) throws SQLException {
        int width = projection.target().key().size();
        List<List<@Nullable String>> stored = rows(
                sql.readTarget(),
                session.mirror(),
                width,
                projection.targetColumns().size(),
                key);
        if (stored.isEmpty()) {
            found.absent();
            return;
        }
        for (int i = 0; i < meant.size(); i++) {
            String there = stored.getFirst().get(i);
            String unconvertedValue = i < width ? null : raw.get(i - width);
            if (!Objects.equals(meant.get(i), there)) {
                found.different(i, meant.get(i), there);
            } else if (unconvertedValue != null && there != null && isShorter(there, unconvertedValue)) {
                found.different(i, unconvertedValue, there);
            }
        }
    }

    private static boolean isShorter(String stored, String given) {
        return !stored.equals(given)
                && significant(stored).length() < significant(given).length();
    }

    /**
     * Trailing blanks are insignificant in {@code char(n)}, and beyond the length in {@code varchar(n)}; the same in
     * arrays.
     */
    private static String significant(String text) {
        return TRAILING_BLANKS.matcher(text).replaceAll("").replace("\"", "");
    }

    /** Compares a modern row with the projection of the legacy row that was written from it. */
    private void giveBack(Object[] key) throws SQLException {
        if (projection.authority() == Side.LEGACY) {
            return;
        }
        List<Column> columns = projection.mapping().from(Side.LEGACY).targetColumns();
        int width = projection.source().key().size();
        List<List<@Nullable String>> given = rows(forth.readTarget(), session.source(), width, columns.size(), key);
        List<List<@Nullable String>> back = rows(forth.readComparable(), session.mirror(), width, columns.size(), key);
        if (given.isEmpty()
                || back.isEmpty()
                || !given.equals(rows(forth.readTarget(), session.source(), width, columns.size(), key))) {
            return;
        }
        Roles roles = projection.mapping().roles();
        for (int i = width; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!roles.isFilled(column)
                    && !roles.isDerived(column)
                    && !Objects.equals(given.getFirst().get(i), back.getFirst().get(i))) {
                found.notGivenBack(
                        column, given.getFirst().get(i), back.getFirst().get(i));
            }
        }
    }

    private static List<List<@Nullable String>> rows(
            TextStatement statement, Connection connection, int from, int count, Object... key) throws SQLException {
        return statement.query(connection, row -> texts(row, from, count), key);
    }

    /** Returns columns of a row, after the first {@code from}. */
    static List<@Nullable String> texts(ResultSet row, int from, int count) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            texts.add(row.getString(from + i));
        }
        return texts;
    }
}
