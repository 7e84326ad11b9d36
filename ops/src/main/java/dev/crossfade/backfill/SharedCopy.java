package dev.crossfade.backfill;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.one;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectCount;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.reconcile.MissingRows;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.StatementMark;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateStep;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** Copies between tables in one database: one statement reads, projects and inserts the rows. */
final class SharedCopy implements BatchCopy {

    private static final String BATCH = "crossfade_batch";

    private final Projection projection;
    private final Relation source;
    private final Relation target;
    private final String mark;
    private final MissingRows missing;
    private final TextStatement insertAbsent;

    SharedCopy(Projection projection) {
        this.projection = projection;
        this.source = projection.source();
        this.target = projection.target();
        this.mark = StatementMark.to(target)
                + StatementMark.of(projection.mapping().entity()).mirrors();
        this.missing = new MissingRows(projection, true);
        this.insertAbsent = new ProjectionSql(projection).insertAbsent();
    }

    @Override
    public Optional<Copied> copy(Connection legacy, KeyRange range, BatchSize size, StandingHold hold)
            throws SQLException {
        hold.beforeMirroring(legacy);
        if (size.isOneRow()) {
            BatchCopy.await(legacy, BatchCopy.first(legacy, range, source).forKeyShare());
        }
        CHECK_AT_ONCE.query(legacy, row -> 0);
        Savepoint savepoint = legacy.setSavepoint();
        try {
            return attempt(legacy, range, size.rows(), false);
        } catch (SQLException e) {
            if (SqlState.FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                legacy.rollback(savepoint);
                return insertComplete(legacy, range, size.rows(), e);
            }
            if (!SqlState.UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            legacy.rollback(savepoint);
        }
        // Plain INSERT is the fastest. Only a batch that meets an existing row pays for the check.
        try {
            return attempt(legacy, range, size.rows(), true);
        } catch (SQLException e) {
            if (!SqlState.FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            legacy.rollback(savepoint);
            return insertComplete(legacy, range, size.rows(), e);
        }
    }

    /** Copies the rows whose references are all there. The others are locked likewise, and wait. */
    private Optional<Copied> insertComplete(Connection legacy, KeyRange range, int limit, SQLException refusal)
            throws SQLException {
        List<Field<String>> texts = source.keyTexts();
        List<RecordKey> keys = Databases.dsl(legacy)
                .select(texts)
                .from(source.aliased())
                .where(range.covers(source))
                .orderBy(source.keyFields())
                .limit(limit)
                .forKeyShare()
                .of(source.aliased())
                .fetch(row -> new RecordKey(texts.stream().map(row::get).toList()));
        Map<RecordKey, SQLException> waiting = missing.waiting(legacy, keys, TextStatement.arrays(keys));
        if (waiting.isEmpty()) {
            throw refusal;
        }
        List<RecordKey> complete =
                keys.stream().filter(key -> !waiting.containsKey(key)).toList();
        int written = complete.isEmpty() ? 0 : insertAbsent.update(legacy, TextStatement.arrays(complete));
        return Optional.of(new Copied(keys.getLast(), keys.size(), written, waiting));
    }

    private Optional<Copied> attempt(Connection legacy, KeyRange range, int limit, boolean keepExisting)
            throws SQLException {
        try {
            return insert(legacy, range, limit, keepExisting);
        } catch (DataAccessException e) {
            throw LegacyRows.cause(e);
        }
    }

    private Optional<Copied> insert(Connection legacy, KeyRange range, int limit, boolean keepExisting) {
        DSLContext dsl = Databases.dsl(legacy);
        CommonTableExpression<Record> batch = name(BATCH)
                .as(dsl.select(DSL.asterisk())
                        .from(source.aliased())
                        .where(range.covers(source))
                        .orderBy(source.keyFields())
                        .limit(limit)
                        .forKeyShare()
                        .of(source.aliased()));
        Table<?> rows = table(name(BATCH)).as(name(source.table()));
        List<Field<Object>> columns = projection.targetColumns().stream()
                .map(column -> field(name(column.name())))
                .toList();
        InsertOnDuplicateStep<Record> insert = dsl.insertInto(target.toTable(), columns)
                .select(select(projection.targetValues()).from(rows));
        CommonTableExpression<?> inserted = name("crossfade_inserted")
                .as(
                        keepExisting
                                ? insert.onConflict(target.key().stream()
                                                .map(column -> field(name(column.name())))
                                                .toList())
                                        .doNothing()
                                        .returning(one())
                                : insert.returning(one()));
        List<Field<?>> result = new ArrayList<>(source.keyTexts());
        result.add(field(selectCount().from(table(name(BATCH)))));
        result.add(field(selectCount().from(table(name("crossfade_inserted")))));
        Select<?> copy = dsl.with(batch, inserted)
                .select(result)
                .from(rows)
                .orderBy(source.keyFields().stream().map(Field::desc).toList())
                .limit(1);
        return dsl.resultQuery("{0} " + mark, copy).fetchOptional(this::copied);
    }

    private Copied copied(Record row) {
        int width = source.key().size();
        List<String> key = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            key.add(row.get(i, String.class));
        }
        return new Copied(new RecordKey(key), row.get(width, Long.class), row.get(width + 1, Long.class));
    }
}
