package dev.crossfade.trial;

import dev.crossfade.check.LiveMapping;
import dev.crossfade.check.LiveTable;
import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors, for a trial, the rows that a mirror row refers to: before their entity's backfill they are missing, and
 * the row would be refused for that alone.
 */
final class TrialParents {

    /** How far a chain of references is followed. */
    private static final int DEEPEST = 5;

    private final TrialSession session;
    private final List<LiveMapping> known;
    private final Side authority;

    TrialParents(TrialSession session, List<LiveMapping> known, Side authority) {
        this.session = session;
        this.known = known;
        this.authority = authority;
    }

    /**
     * Inserts the missing mirror rows that a row refers to, if their entity has them.
     *
     * @param row the texts of the mirror's columns
     */
    void mirror(LiveMapping child, List<@Nullable String> row) throws SQLException {
        mirror(child, row, 0);
    }

    private void mirror(LiveMapping child, List<@Nullable String> row, int depth) throws SQLException {
        if (depth == DEEPEST || child.inPlace()) {
            return;
        }
        List<String> columns = child.mapping().from(authority).targetColumns().stream()
                .map(Column::name)
                .toList();
        for (ForeignKey reference :
                child.table(authority.opposite()).map(LiveTable::foreignKeys).orElseGet(List::of)) {
            for (LiveMapping parent : known) {
                Relation relation = parent.mapping().relation(authority.opposite());
                if (!parent.inPlace() && relation.qualifiedName().equals(reference.referenced())) {
                    List<String> key = key(relation, reference, columns, row);
                    if (!key.isEmpty()) {
                        insert(parent, key.toArray(), depth);
                    }
                }
            }
        }
    }

    /** Returns the parent's key, empty if the row refers to none, or not by the key. */
    private static List<String> key(
            Relation parent, ForeignKey reference, List<String> columns, List<@Nullable String> row) {
        List<String> key = new ArrayList<>();
        for (Column column : parent.key()) {
            int place = reference.referencedColumns().indexOf(column.name());
            int given = place < 0 ? -1 : columns.indexOf(reference.columns().get(place));
            String value = given < 0 ? null : row.get(given);
            if (value == null) {
                return List.of();
            }
            key.add(value);
        }
        return key;
    }

    private void insert(LiveMapping parent, Object[] key, int depth) throws SQLException {
        Projection projection = parent.mapping().from(authority);
        ProjectionSql sql = new ProjectionSql(projection, RowBinding.ONE);
        int width = projection.source().key().size();
        int count = projection.targetColumns().size();
        Connection mirror = session.mirror();
        Savepoint onSource = session.source().setSavepoint();
        Savepoint onMirror = mirror.setSavepoint();
        try {
            List<List<@Nullable String>> rows =
                    sql.readProjected().query(session.source(), row -> TrialMirror.texts(row, width, count), key);
            if (!rows.isEmpty()) {
                mirror(parent, rows.getFirst(), depth + 1);
                sql.insertAbsentTarget().update(mirror, rows.getFirst().toArray());
            }
        } catch (SQLException e) {
            // The trial of the parent's entity reports that; here the child is refused.
            mirror.rollback(onMirror);
            session.source().rollback(onSource);
        }
    }
}
