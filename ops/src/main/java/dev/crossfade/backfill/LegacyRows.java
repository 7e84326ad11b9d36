package dev.crossfade.backfill;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.ServerMessage;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a backfill asks about the legacy rows outside its batches, in transactions like theirs.
 *
 * @param databases the databases of both sides
 * @param mapping the entity's mapping
 */
record LegacyRows(Databases databases, TableMapping mapping) {

    private static final long COUNTED_EXACTLY = 1_000_000;

    /** Returns the last key, null if there is no row. */
    @Nullable
    RecordKey lastKey() {
        Relation source = mapping.legacy();
        List<Field<String>> texts = source.keyTexts();
        return ask(legacy -> legacy.select(texts)
                        .from(source.aliased())
                        .orderBy(source.keyFields().stream().map(Field::desc).toList())
                        .limit(1)
                        .fetchOptional(row ->
                                new RecordKey(texts.stream().map(row::get).toList())))
                .orElse(null);
    }

    /** Returns how many rows there are; for a large table, the server's estimate. */
    long count() {
        return ask(legacy -> {
            long estimate = legacy.fetchSingle(
                            "select cast(reltuples as bigint) from pg_class where oid = to_regclass(?)",
                            Databases.renderer().render(mapping.legacy().qualifiedName()))
                    .get(0, Long.class);
            return estimate > COUNTED_EXACTLY
                    ? estimate
                    : (long) legacy.fetchCount(mapping.legacy().toTable());
        });
    }

    /** Returns the first key of a range, null if there is none. */
    @Nullable
    RecordKey first(KeyRange range) {
        Relation source = mapping.legacy();
        List<Field<String>> texts = source.keyTexts();
        return ask(legacy -> legacy.select(texts)
                        .from(source.aliased())
                        .where(range.covers(source))
                        .orderBy(source.keyFields())
                        .limit(1)
                        .fetchOptional(row ->
                                new RecordKey(texts.stream().map(row::get).toList())))
                .orElse(null);
    }

    /** Queries the legacy rows as the batches do: the query fails if a row is hidden from the login. */
    private <T> T ask(Function<DSLContext, T> question) {
        try {
            return CanonicalTransaction.in(
                    databases.legacy(), Limits.READING, connection -> question.apply(Databases.dsl(connection)));
        } catch (SQLException e) {
            throw interrupted(e);
        } catch (DataAccessException e) {
            throw interrupted(cause(e));
        }
    }

    /** Returns the message for an operator when a database fails. */
    UnavailableException interrupted(SQLException failure) {
        return new UnavailableException(
                "The backfill of %s was interrupted: %s %s"
                        .formatted(
                                mapping.entity(),
                                ServerMessage.sentence(ServerMessage.withoutValues(failure)),
                                CanonicalTransaction.remedy(failure, "Run it again; it goes on from its checkpoint.")),
                failure);
    }

    /** Returns the driver's exception of a failed statement. */
    static SQLException cause(DataAccessException failure) {
        SQLException cause = failure.getCause(SQLException.class);
        return cause == null ? new SQLException(failure) : cause;
    }
}
