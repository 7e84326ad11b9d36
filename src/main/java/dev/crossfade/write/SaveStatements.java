package dev.crossfade.write;

import dev.crossfade.lossy.AlteredRecord;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.Alteration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statements that save an entity's records, for one record or for many. If the legacy side may change given
 * values, the same statement compares them; otherwise the statements are plain.
 *
 * <p>The comparison never fails a save that succeeds without it: whatever project raises, the statement runs again
 * without the comparison.
 */
final class SaveStatements {

    private static final Logger LOG = LoggerFactory.getLogger(SaveStatements.class);

    private static final TextStatement SAVEPOINT = new TextStatement("savepoint crossfade_given");
    private static final TextStatement RELEASE = new TextStatement("release savepoint crossfade_given");
    private static final TextStatement UNDO =
            new TextStatement("rollback to savepoint crossfade_given; release savepoint crossfade_given");

    /**
     * SQLSTATE classes that the comparison does not cause: no connection, a conflict, no resources, a timeout, a
     * shutdown.
     */
    private static final Set<String> PERSISTENT = Set.of("08", "25", "40", "53", "55", "57");

    private final String entity;
    private final int keyWidth;
    private final Texts plain;
    /** Null if there is nothing to compare. */
    private final @Nullable Texts looking;

    /**
     * Creates the statements.
     *
     * @param looking the statements that compare given values, null if there is nothing to compare
     */
    SaveStatements(String entity, int keyWidth, Texts plain, @Nullable Texts looking) {
        this.entity = entity;
        this.keyWidth = keyWidth;
        this.plain = plain;
        this.looking = looking;
    }

    /**
     * The statements in one form.
     *
     * @param save upserts
     * @param permittedSave as {@code save}, and proves that the instance may write
     * @param saveAndNote as {@code permittedSave}, with intents
     * @param saveAndMirror as {@code permittedSave}, with the mirror
     * @param counts whether {@code saveAndMirror} returns the number of rows written; else the server counts them
     */
    record Texts(
            TextStatement save,
            TextStatement permittedSave,
            TextStatement saveAndNote,
            TextStatement saveAndMirror,
            boolean counts) {}

    /**
     * The result of a save.
     *
     * @param rows the keys written, or the intents
     * @param altered the records that come back from the legacy side changed
     */
    record Saved<T>(List<T> rows, List<AlteredRecord> altered) {}

    /**
     * How many records were written to both sides.
     *
     * @param altered the records that come back from the legacy side changed
     */
    record Mirrored(int records, List<AlteredRecord> altered) {}

    /** Saves in a statement that is a transaction of its own. */
    Saved<RecordKey> alone(Connection connection, @Nullable Object[] values) throws SQLException {
        if (looking == null) {
            return plainKeys(plain.permittedSave, connection, values);
        }
        Texts look = looking;
        return looked(
                connection,
                false,
                direct -> keys(look.permittedSave, direct, values),
                () -> plainKeys(plain.permittedSave, connection, values));
    }

    /**
     * Saves within a transaction.
     *
     * @param asked whether the statement must prove that the instance may write
     */
    Saved<RecordKey> within(Connection connection, boolean asked, @Nullable Object[] values) throws SQLException {
        TextStatement save = asked ? plain.permittedSave : plain.save;
        if (looking == null) {
            return plainKeys(save, connection, values);
        }
        TextStatement look =
                RELEASE.after(asked ? looking.permittedSave : looking.save).after(SAVEPOINT);
        return looked(
                connection, true, direct -> keys(look, direct, values), () -> plainKeys(save, connection, values));
    }

    /** Saves and notes, in a statement that is a transaction of its own. */
    Saved<Intent> andNote(Connection connection, @Nullable Object[] values) throws SQLException {
        if (looking == null) {
            return plainIntents(connection, values);
        }
        Texts look = looking;
        return looked(
                connection,
                false,
                direct -> intents(look.saveAndNote, direct, values),
                () -> plainIntents(connection, values));
    }

    /** Writes both sides, in a statement that is a transaction of its own; a failure may be the mirror's. */
    Mirrored andMirror(Connection direct, @Nullable Object[] values) throws SQLException {
        if (looking == null) {
            int written = plain.counts
                    ? plain.saveAndMirror
                            .query(direct, row -> row.getInt(1), values)
                            .getFirst()
                    : plain.saveAndMirror.update(direct, values);
            return new Mirrored(written, List.of());
        }
        List<AlteredRecord> altered = new ArrayList<>();
        int written = 0;
        for (int records : looking.saveAndMirror.query(
                direct,
                row -> {
                    note(row, 2, altered);
                    return row.getInt(1);
                },
                values)) {
            written += records;
        }
        return new Mirrored(written, altered);
    }

    private Saved<RecordKey> plainKeys(TextStatement statement, Connection connection, @Nullable Object[] values)
            throws SQLException {
        return new Saved<>(statement.query(connection, row -> TextStatement.key(row, 1, keyWidth), values), List.of());
    }

    private Saved<Intent> plainIntents(Connection connection, @Nullable Object[] values) throws SQLException {
        return new Saved<>(plain.saveAndNote.query(connection, row -> Intent.read(row, keyWidth), values), List.of());
    }

    private Saved<RecordKey> keys(TextStatement statement, Connection connection, @Nullable Object[] values)
            throws SQLException {
        List<AlteredRecord> altered = new ArrayList<>();
        List<RecordKey> keys = statement.query(
                connection,
                row -> {
                    note(row, 1, altered);
                    return TextStatement.key(row, 1, keyWidth);
                },
                values);
        return new Saved<>(keys, altered);
    }

    private Saved<Intent> intents(TextStatement statement, Connection connection, @Nullable Object[] values)
            throws SQLException {
        List<AlteredRecord> altered = new ArrayList<>();
        List<Intent> intents = new ArrayList<>();
        statement.query(
                connection,
                row -> {
                    note(row, 2, altered);
                    row.getLong(1);
                    return !row.wasNull() && intents.add(Intent.read(row, keyWidth));
                },
                values);
        return new Saved<>(intents, altered);
    }

    private void note(ResultSet row, int from, List<AlteredRecord> altered) throws SQLException {
        List<Alteration> alterations = Alteration.read(row, from + keyWidth);
        if (!alterations.isEmpty()) {
            altered.add(new AlteredRecord(TextStatement.key(row, from, keyWidth), alterations));
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run(Connection direct) throws SQLException;
    }

    @FunctionalInterface
    private interface Otherwise<T> {
        T run() throws SQLException;
    }

    /**
     * Runs the comparing statement and, if that fails, the plain one. The first failure may come from a project
     * expression, so it is hidden from the pool, which might close the connection. A statement within the caller's
     * transaction stays on the caller's connection, whose time limit must apply to it.
     */
    private <T> T looked(Connection connection, boolean within, Attempt<T> look, Otherwise<T> plainly)
            throws SQLException {
        DriverConnection driver = DriverConnection.of(connection);
        SQLException failure;
        try {
            return look.run(within ? connection : driver.direct());
        } catch (SQLException e) {
            if (driver.isLost(e) || isFinal(e)) {
                throw e;
            }
            failure = e;
        }
        LOG.debug("A save of {} is run again without a look at what was given.", entity, failure);
        try {
            if (within) {
                UNDO.query(driver.direct(), row -> 0);
            }
            return plainly.run();
        } catch (SQLException again) {
            again.addSuppressed(failure);
            throw again;
        }
    }

    private static boolean isFinal(SQLException failure) {
        String state = FailureClass.sqlState(failure);
        return state.length() < 5 || isRefusal(state) || PERSISTENT.contains(state.substring(0, 2));
    }

    /**
     * Tells whether the database refused a writer whose stage may be stale, or values that the legacy side would
     * change.
     */
    static boolean isRefusal(String sqlState) {
        return SqlState.STAGE_MOVED.equals(sqlState)
                || SqlState.HEARTBEAT_LOST.equals(sqlState)
                || SqlState.GIVEN_REFUSED.equals(sqlState);
    }
}
