package dev.crossfade.backfill;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.reconcile.MissingRows;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowSizes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;

/** Copies between tables in two databases. Rows travel as text; their locks are held until the modern commit. */
final class SeparateCopy implements BatchCopy {

    private static final TextStatement STILL_THERE = new TextStatement("select 1");

    private final DataSource modern;
    private final Relation source;
    private final List<Field<String>> fields;
    private final TextStatement insert;
    private final TextStatement insertAbsent;
    private final long mostBytes = ByteLimit.ofBatch();
    private final RowSizes sizes;
    private final MissingRows missing;

    SeparateCopy(Databases databases, Projection projection) {
        this.modern = databases.modern();
        this.source = projection.source();
        this.sizes = new RowSizes(source);
        this.fields = new ArrayList<>(source.keyTexts());
        projection.targetValues().forEach(value -> fields.add(Column.text(value)));
        this.missing = new MissingRows(projection, false);
        ProjectionSql sql = new ProjectionSql(projection);
        this.insert = sql.insertTarget();
        this.insertAbsent = sql.insertAbsentTarget();
    }

    /**
     * Commits the rows only after the session that locks their originals has answered. If those locks were lost, a row
     * may have been deleted meanwhile and its deletion already mirrored; the row inserted here would then be a ghost.
     *
     * <p>A modern side that does not answer must not block deletions. So it is connected before anything is locked,
     * and the session with the locks ends by itself after a long silence.
     */
    @Override
    public Optional<Copied> copy(Connection legacy, KeyRange range, BatchSize size, StandingHold hold)
            throws SQLException {
        try (Connection connection = CanonicalTransaction.connection(modern)) {
            try {
                CanonicalTransaction.begin(connection, size.limits());
                hold.beforeMirroring(legacy, connection);
                if (size.isOneRow()) {
                    BatchCopy.await(
                            legacy, BatchCopy.first(legacy, range, source).forKeyShare());
                }
                Optional<Copied> copied =
                        copy(legacy, connection, range, sizes.fitting(legacy, range, size.rows(), mostBytes));
                STILL_THERE.query(legacy, row -> 0);
                connection.commit();
                return copied;
            } catch (SQLException | RuntimeException | Error e) {
                CanonicalTransaction.rollBack(connection, e);
                throw e;
            } finally {
                CanonicalTransaction.giveBack(connection);
            }
        }
    }

    private Optional<Copied> copy(Connection legacy, Connection connection, KeyRange range, int limit)
            throws SQLException {
        Result<Record> rows = Databases.dsl(legacy)
                .select(fields)
                .from(source.aliased())
                .where(range.covers(source))
                .orderBy(source.keyFields())
                .limit(limit)
                .forKeyShare()
                .of(source.aliased())
                .fetch();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        int width = source.key().size();
        Map<RecordKey, List<@Nullable String>> values = new LinkedHashMap<>();
        rows.forEach(row -> values.put(key(row, width), texts(row, width, fields.size())));
        CHECK_AT_ONCE.query(connection, row -> 0);
        Savepoint savepoint = connection.setSavepoint();
        int written;
        Map<RecordKey, SQLException> waiting = Map.of();
        try {
            written = insertRows(connection, TextStatement.columns(List.copyOf(values.values())));
        } catch (SQLException e) {
            if (!SqlState.FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(savepoint);
            waiting = waiting(connection, values, e);
            values.keySet().removeAll(waiting.keySet());
            written = values.isEmpty()
                    ? 0
                    : insertAbsent.update(connection, TextStatement.columns(List.copyOf(values.values())));
        }
        return Optional.of(new Copied(key(rows.getLast(), width), rows.size(), written, waiting));
    }

    private Map<RecordKey, SQLException> waiting(
            Connection connection, Map<RecordKey, List<@Nullable String>> values, SQLException refusal)
            throws SQLException {
        Map<RecordKey, SQLException> waiting = missing.waiting(
                connection, List.copyOf(values.keySet()), TextStatement.columns(List.copyOf(values.values())));
        if (waiting.isEmpty()) {
            throw refusal;
        }
        return waiting;
    }

    private int insertRows(Connection connection, Object[] columns) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            return insert.update(connection, columns);
        } catch (SQLException e) {
            if (!SqlState.UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(savepoint);
            return insertAbsent.update(connection, columns);
        }
    }

    private static RecordKey key(Record row, int width) {
        return new RecordKey(IntStream.range(0, width)
                .mapToObj(i -> row.get(i, String.class))
                .toList());
    }

    private static List<@Nullable String> texts(Record row, int from, int to) {
        List<@Nullable String> texts = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            texts.add(row.get(i, String.class));
        }
        return texts;
    }
}
