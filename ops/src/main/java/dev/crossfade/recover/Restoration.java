package dev.crossfade.recover;

import static dev.crossfade.sql.TextStatement.arrays;
import static dev.crossfade.sql.TextStatement.columns;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.TooLargeException;
import dev.crossfade.queue.UnexpectedException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.time.Pause;
import dev.crossfade.verify.ComparableRows;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Survey.Listed;
import dev.crossfade.verify.WideRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes authoritative rows from the mirror's, where an operator has decided that the mirror is right. Each is an
 * ordinary authoritative write, with its intent in the same transaction. A row is written only if it is still as
 * listed and has no intent: what the service has written since is newer than anything the mirror has.
 *
 * <p>A writer may insert and delete a key between the read and the insertion here. It leaves an intent. So intents are
 * read once more after the insertion, which has waited for that writer, and if there is one the transaction is rolled
 * back. In one database the mirror's row is locked before it is read, so such a writer has changed it already, or
 * leaves an intent.
 */
final class Restoration {

    private static final int BATCH = 200;
    private static final int ATTEMPTS = 100;
    private static final Duration PAUSE = Duration.ofMillis(100);
    /**
     * Writers wait for the rows that are locked here: for no statement that takes longer than a second, and for no
     * process that stands still for longer than two.
     */
    private static final Limits BRIEF =
            new Limits(CanonicalTransaction.GIVING_WAY, Duration.ofSeconds(1), Duration.ofSeconds(2));

    /** Of a row that takes longer by itself. */
    private static final Limits PATIENT =
            new Limits(CanonicalTransaction.GIVING_WAY, Duration.ofSeconds(15), Duration.ofSeconds(17));

    private final Databases databases;
    private final TableMapping mapping;
    private final StandingHold hold;
    private final Side authority;
    private final boolean together;
    private final ComparableRows rows;
    private final ProjectionSql sql;
    private final int keyWidth;
    private final int rowWidth;
    private final WideRows sizes;

    private final Map<RecordKey, String> unfit = new LinkedHashMap<>();
    private long changed;
    private long passedBy;

    /**
     * Creates a restoration.
     *
     * @param hold the stage at which the entity is frozen
     */
    Restoration(Databases databases, TableMapping mapping, StandingHold hold) {
        this.databases = databases;
        this.mapping = mapping;
        this.hold = hold;
        this.authority = hold.seen().stage().authority();
        this.together = mapping.sidesShareTransaction(databases);
        this.rows = new ComparableRows(mapping);
        Projection projection = mapping.from(authority.opposite());
        this.sql = new ProjectionSql(projection);
        this.keyWidth = projection.source().key().size();
        this.rowWidth = projection.targetColumns().size();
        this.sizes = new WideRows(databases, mapping);
    }

    /**
     * The result of a restoration.
     *
     * @param changed how many rows were written or deleted
     * @param passedBy how many rows were skipped, as they were written since they were listed
     * @param unfit the keys of rows that do not fit, with the server's message
     */
    record Result(long changed, long passedBy, Map<RecordKey, String> unfit) {}

    /** Somebody else has written keys that were inserted here; their rows are newer. */
    private static final class OvertakenException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Set<RecordKey> keys;

        OvertakenException(Set<RecordKey> keys) {
            super("written meanwhile", null, false, false);
            this.keys = keys;
        }
    }

    /**
     * Writes the listed rows. Deletions come first, as they free unique values that others need. Rows that do not fit
     * are retried as long as other rows succeed, and are left after that.
     *
     * @throws UnavailableException if a database fails; what was written is committed with its intents
     */
    Result carryOut(List<Listed> listed) {
        List<Listed> left = listed.stream()
                .sorted(Comparator.comparing(one -> rank(one.difference())))
                .toList();
        long before;
        do {
            before = changed;
            unfit.clear();
            sizes.batches(left, BATCH, one -> one.difference().key()).forEach(this::write);
            left = left.stream()
                    .filter(one -> unfit.containsKey(one.difference().key()))
                    .toList();
        } while (!left.isEmpty() && changed > before);
        return new Result(changed, passedBy, Map.copyOf(unfit));
    }

    private int rank(Difference difference) {
        return switch (difference) {
            case Difference.Missing missing -> authority == Side.LEGACY ? 0 : 2;
            case Difference.Extra extra -> authority == Side.MODERN ? 0 : 2;
            case Difference.Different different -> 1;
            case Difference.Unreadable unreadable -> 1;
        };
    }

    private void write(List<Listed> batch) {
        Map<RecordKey, Long> wanted = new LinkedHashMap<>();
        batch.forEach(one -> wanted.put(one.difference().key(), one.authoritative()));
        for (int attempt = 1; ; attempt++) {
            try {
                long done = inTransactions(wanted, attempt == 1 || batch.size() > 1 ? BRIEF : PATIENT);
                changed += done;
                passedBy += batch.size() - done;
                return;
            } catch (OvertakenException e) {
                wanted.keySet().removeAll(e.keys);
            } catch (CrossfadeException e) {
                throw e;
            } catch (OutOfMemoryError e) {
                isolate(batch, TooLargeException.of(e));
                return;
            } catch (SQLException | RuntimeException | StackOverflowError | AssertionError unexpected) {
                SQLException e = TooLargeException.of(UnexpectedException.of(unexpected));
                boolean slow = SqlState.QUERY_CANCELED.equals(FailureClass.sqlState(e)) && batch.size() > 1;
                if (slow || FailureClass.of(e) != FailureClass.OUTAGE) {
                    isolate(batch, e);
                    return;
                }
                if (attempt == ATTEMPTS || !mayPass(FailureClass.sqlState(e))) {
                    throw new UnavailableException(
                            "The recovery of %s was interrupted: %s Run the same command again; it goes on where it stopped."
                                    .formatted(
                                            mapping.entity(), ServerMessage.sentence(ServerMessage.withoutValues(e))),
                            e);
                }
                Pause.of(
                        PAUSE,
                        interrupted -> new CrossfadeException(
                                "The recovery was interrupted. Run the same command again.", interrupted));
            }
        }
    }

    private void isolate(List<Listed> batch, SQLException failure) {
        if (batch.size() == 1) {
            unfit.put(batch.getFirst().difference().key(), ServerMessage.withoutValues(failure));
            return;
        }
        write(batch.subList(0, batch.size() / 2));
        write(batch.subList(batch.size() / 2, batch.size()));
    }

    private long inTransactions(Map<RecordKey, Long> wanted, Limits limits) throws SQLException {
        if (wanted.isEmpty()) {
            return 0;
        }
        if (together) {
            return CanonicalTransaction.in(
                    databases.of(authority), limits, connection -> write(connection, connection, wanted));
        }
        return CanonicalTransaction.in(
                databases.of(authority.opposite()),
                new Limits(limits.lock(), limits.statement()),
                mirror -> CanonicalTransaction.in(
                        databases.of(authority), limits, deciding -> write(mirror, deciding, wanted)));
    }

    /** Returns how many rows were written or deleted. */
    private long write(Connection mirror, Connection deciding, Map<RecordKey, Long> wanted) throws SQLException {
        hold.beforeDeciding(deciding);
        Set<RecordKey> keys = wanted.keySet();
        Set<RecordKey> locked = keys(sql.lockTarget(), deciding, keys);
        if (together) {
            keys(sql.lockSource(), mirror, keys);
        }
        Set<RecordKey> noted = Intents.notedHere(deciding, mapping.entity(), keys);
        Map<RecordKey, List<@Nullable String>> present = rows.read(deciding, authority, keys);
        Map<RecordKey, List<@Nullable String>> mirrored = rows.read(mirror, authority.opposite(), keys);
        List<RecordKey> deleted = new ArrayList<>();
        List<RecordKey> overwritten = new ArrayList<>();
        List<RecordKey> inserted = new ArrayList<>();
        for (RecordKey key : keys) {
            boolean isAsListed = !noted.contains(key)
                    && ComparableRows.digest(present.get(key)) == Objects.requireNonNull(wanted.get(key))
                    && locked.contains(key) == present.containsKey(key);
            if (isAsListed && differs(key, present.get(key), mirrored.get(key))) {
                (!mirrored.containsKey(key) ? deleted : present.containsKey(key) ? overwritten : inserted).add(key);
            }
        }
        List<RecordKey> written = new ArrayList<>(deleted);
        written.addAll(overwritten);
        written.addAll(inserted);
        if (!deleted.isEmpty()) {
            sql.deleteTarget().update(deciding, arrays(deleted));
        }
        overwrite(mirror, deciding, overwritten);
        insert(mirror, deciding, inserted);
        Intents.append(deciding, mapping.entity(), written);
        return written.size();
    }

    /**
     * Tells whether a row is not as listed. Rows are written here in the mirror's direction, so the mirror counts as
     * the authoritative side.
     */
    private boolean differs(
            RecordKey key, @Nullable List<@Nullable String> present, @Nullable List<@Nullable String> mirrored) {
        return authority == Side.LEGACY
                ? rows.difference(key, Side.MODERN, present, mirrored).isPresent()
                : rows.difference(key, Side.LEGACY, mirrored, present).isPresent();
    }

    private void overwrite(Connection mirror, Connection deciding, List<RecordKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        if (mapping.kind() == TableMapping.Kind.COLUMN) {
            sql.mirrorPresent().update(deciding, arrays(keys));
        } else {
            sql.writeTarget().update(deciding, columns(projected(mirror, keys)));
        }
    }

    private void insert(Connection mirror, Connection deciding, List<RecordKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        sql.insertAbsentTarget().update(deciding, columns(projected(mirror, keys)));
        Set<RecordKey> overtaken = Intents.notedHere(deciding, mapping.entity(), keys);
        if (!overtaken.isEmpty()) {
            throw new OvertakenException(overtaken);
        }
    }

    /** Returns the mirror's rows of some keys in the authoritative side's shape. */
    private List<List<@Nullable String>> projected(Connection mirror, List<RecordKey> keys) throws SQLException {
        Map<RecordKey, List<@Nullable String>> found = new HashMap<>();
        sql.readProjected()
                .query(
                        mirror,
                        row -> {
                            List<@Nullable String> texts = new ArrayList<>(rowWidth);
                            for (int i = 1; i <= rowWidth; i++) {
                                texts.add(row.getString(keyWidth + i));
                            }
                            return found.put(TextStatement.key(row, 1, keyWidth), texts);
                        },
                        arrays(keys));
        return List.copyOf(found.values());
    }

    private Set<RecordKey> keys(TextStatement statement, Connection connection, Collection<RecordKey> keys)
            throws SQLException {
        return new HashSet<>(statement.query(connection, row -> TextStatement.key(row, 1, keyWidth), arrays(keys)));
    }

    /** Tells whether another transaction blocked this one, or a time limit was reached. */
    private static boolean mayPass(String state) {
        return SqlState.isConflict(state)
                || state.equals(SqlState.QUERY_CANCELED)
                || state.equals(SqlState.IDLE_IN_TRANSACTION_TIMEOUT);
    }
}
