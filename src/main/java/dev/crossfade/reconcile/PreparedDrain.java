package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.Transfer.Copied;
import dev.crossfade.reconcile.Transfer.Diagnosis;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.time.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Drains the rest of the backlog while writers are blocked, in one transaction of each database, started before that.
 * It never waits for anything that a blocked writer may hold, neither a pooled connection nor a server session behind
 * a pooler. Refused keys are left alone. Not thread-safe.
 */
public final class PreparedDrain implements AutoCloseable {

    /** How often it checks for keys that other appliers hold. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** The limit while the other transactions are started; behind a pooler that may take a while. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private final Databases databases;
    private final Side authority;
    private final Duration longest;
    private final Connection legacy;
    private final Connection modern;
    /** Copied intents, to be deleted after the mirror's commit. */
    private final Map<String, List<Intent>> done = new LinkedHashMap<>();

    private PreparedDrain(Databases databases, Side authority, Duration longest, Connection legacy, Connection modern) {
        this.databases = databases;
        this.authority = authority;
        this.longest = longest;
        this.legacy = legacy;
        this.modern = modern;
    }

    /**
     * Begins the transactions.
     *
     * @param authority the side that is copied from
     * @param longest how long a statement may take, and how long the session may be idle after {@link #limitSilence}
     */
    public static PreparedDrain begin(Databases databases, Side authority, Duration longest) throws SQLException {
        Limits limits = new Limits(CanonicalTransaction.GIVING_WAY, longest, BEGINNING);
        Connection legacy = begun(databases, Side.LEGACY, limits);
        try {
            Connection modern = databases.areShared() ? legacy : begun(databases, Side.MODERN, limits);
            return new PreparedDrain(databases, authority, longest, legacy, modern);
        } catch (SQLException | RuntimeException e) {
            end(legacy, e);
            throw e;
        }
    }

    private static Connection begun(Databases databases, Side side, Limits limits) throws SQLException {
        Connection connection = databases.of(side).getConnection();
        try {
            CanonicalTransaction.begin(connection, limits);
            return connection;
        } catch (SQLException | RuntimeException e) {
            end(connection, e);
            throw e;
        }
    }

    /** Lets the server end the transactions if they are idle for too long; call it before writers are blocked. */
    public void limitSilence() throws SQLException {
        CanonicalTransaction.limitSilence(legacy, longest);
        if (!modern.equals(legacy)) {
            CanonicalTransaction.limitSilence(modern, longest);
        }
    }

    /**
     * Copies the keys of an entity that have intents, until none is left or the time is up; waits for keys that other
     * appliers hold.
     *
     * @return how many intents are left
     */
    public int workOff(TableMapping mapping, StandingHold hold, BooleanSupplier isOver) throws SQLException {
        Projection projection = mapping.from(authority);
        Transfer transfer = projection.sidesShareTransaction(databases)
                ? new SharedTransfer(databases.control(), projection, longest)
                : new SeparateTransfer(databases, projection, longest);
        List<Intent> copied = done.computeIfAbsent(mapping.entity(), entity -> new ArrayList<>());
        while (true) {
            List<Intent> left = left(mapping.entity(), copied);
            if (left.isEmpty() || isOver.getAsBoolean()) {
                return left.size();
            }
            Copied now = transfer.copy(
                    DriverConnection.of(legacy).direct(),
                    DriverConnection.of(modern).direct(),
                    PendingKey.byKey(left),
                    hold,
                    Diagnosis.BY_RULE);
            copied.addAll(now.done());
            if (!now.result().refused().isEmpty()) {
                return now.result().refused().size();
            }
            if (now.result().done().isEmpty()) {
                Pause.of(PAUSE, e -> new CrossfadeException("What is left was not worked off: interrupted.", e));
            }
        }
    }

    private List<Intent> left(String entity, List<Intent> copied) {
        Connection source = authority == Side.LEGACY ? legacy : modern;
        List<Intent> left = new ArrayList<>(
                Intents.oldest(Databases.dsl(source), entity, 0, Drain.BATCH + copied.size(), Duration.ZERO));
        left.removeAll(Set.copyOf(copied));
        return left;
    }

    /** Commits the mirror's rows, and then the deletion of the intents. Nothing can be applied after it. */
    public void commit() throws SQLException {
        if (authority == Side.LEGACY) {
            modern.commit();
            legacy.commit();
            return;
        }
        legacy.commit();
        for (Map.Entry<String, List<Intent>> entity : done.entrySet()) {
            // An extra statement would start a new transaction, for which a pooler may have no session.
            if (!entity.getValue().isEmpty()) {
                Intents.delete(modern, entity.getKey(), entity.getValue());
            }
        }
        modern.commit();
    }

    /** Rolls back whatever was not committed and returns the connections. */
    @Override
    public void close() {
        SQLException ignored = new SQLException("rolled back at the end");
        if (!modern.equals(legacy)) {
            end(modern, ignored);
        }
        end(legacy, ignored);
    }

    private static void end(Connection connection, Exception reason) {
        CanonicalTransaction.rollBack(connection, reason);
        CanonicalTransaction.giveBack(connection);
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
