package dev.crossfade.gate;

import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.TableWriters;
import dev.crossfade.control.TableWriters.Writer;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Name;

/**
 * Waits before all rows are read, to copy or compare them, until every instance acts on the present stage and every
 * transaction that was writing the authoritative table at that moment has ended. From then on each later write
 * reaches the mirror by itself, and the rows that are read show each earlier one. Otherwise an instance could still
 * write a row without the mirror after that row was read.
 */
public final class Barrier {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Appliers that arrive meanwhile wait as long. */
    private static final Duration AT_ONCE = Duration.ofMillis(200);
    /** Appliers wait while a paused process holds this lock. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final Databases databases;
    private final Consumer<String> waiting;

    /**
     * Creates a barrier.
     *
     * @param waiting called now and then with what it waits for
     */
    public Barrier(Databases databases, Consumer<String> waiting) {
        this.databases = databases;
        this.waiting = waiting;
    }

    /**
     * Waits.
     *
     * @param standing the entity's standing; its stage must have a mirror
     * @throws RefusedException if an instance or a transaction blocks it for a minute
     */
    public void pass(TableMapping mapping, Standing standing) {
        Deadline deadline = Deadline.after(PATIENCE);
        awaitFleet(mapping.entity(), standing, deadline);
        awaitOneMapping(mapping, deadline);
        awaitWriters(mapping, standing.stage().authority(), deadline);
        awaitAppliers(mapping, deadline);
    }

    /** An instance with another mapping could write a mirror row after it was read. */
    private void awaitOneMapping(TableMapping mapping, Deadline deadline) {
        Fleet fleet = new Fleet(databases.controlDsl());
        while (true) {
            List<String> others = fleet.live().stream()
                    .filter(member -> member.mappings().containsKey(mapping.entity()))
                    .filter(member ->
                            !mapping.fingerprint().equals(member.mappings().get(mapping.entity())))
                    .map(member -> member.instance().name())
                    .toList();
            if (others.isEmpty()) {
                return;
            }
            String message = "live instances have another mapping of %s than %s: %s."
                    .formatted(mapping.entity(), mapping.fingerprint(), String.join(", ", others));
            if (deadline.isOver()) {
                throw new RefusedException("The rows of %s cannot be looked at yet: %s Deploy one version everywhere."
                        .formatted(mapping.entity(), message));
            }
            waiting.accept(message);
            pause();
        }
    }

    /** An applier that is writing now may use an older mapping; a later one must prove the present mapping. */
    private void awaitAppliers(TableMapping mapping, Deadline deadline) {
        awaitAppliers(databases.control(), mapping, deadline);
        if (!databases.areShared()) {
            awaitAppliers(databases.modern(), mapping, deadline);
        }
    }

    private void awaitAppliers(DataSource database, TableMapping mapping, Deadline deadline) {
        while (!haveEnded(database, mapping.entity())) {
            String message = "somebody is writing the mirror of %s.".formatted(mapping.entity());
            if (deadline.isOver()) {
                throw new RefusedException(
                        "The rows of %s cannot be looked at yet: %s Find the advisory locks in pg_locks, or wait."
                                .formatted(mapping.entity(), message));
            }
            waiting.accept(message);
            pause();
        }
    }

    private static boolean haveEnded(DataSource database, String entity) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                CanonicalTransaction.limitSilence(connection, SILENCE);
                return AuthorityLock.APPLYING.lockExclusively(connection, entity, AT_ONCE);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new UnavailableException(
                    "Whether somebody writes the mirror of %s cannot be told. The server said: %s"
                            .formatted(entity, ServerMessage.sentence(ServerMessage.of(e))),
                    e);
        }
    }

    private void awaitFleet(String entity, Standing standing, Deadline deadline) {
        while (Gates.fleetAcknowledged(databases, entity, present(entity, standing)) instanceof Closed closed) {
            String message =
                    "Gate '%s' is closed for %s: %s".formatted(FleetAcknowledged.NAME, entity, closed.reason());
            if (deadline.isOver()) {
                throw new RefusedException(message + " " + closed.remedy());
            }
            waiting.accept(message);
            pause();
        }
    }

    /** The fleet is asked about where the entity stands now: it may have moved on since its caller looked. */
    private Standing present(String entity, Standing standing) {
        return AuthorityTable.find(databases.controlDsl(), entity).orElse(standing);
    }

    /**
     * A paused instance may have sent its statement under the previous stage, so statements that still wait for a
     * lock on the table count too. Its later statements are refused by its lease or by the epoch.
     */
    private void awaitWriters(TableMapping mapping, Side authority, Deadline deadline) {
        DSLContext database = databases.dsl(authority);
        Name table = mapping.relation(authority).qualifiedName();
        Map<String, String> before = writers(database, table);
        while (!before.isEmpty()) {
            String message = "transactions that may have begun before every instance mirrored %s still write %s: %s."
                    .formatted(mapping.entity(), mapping.relation(authority), String.join(", ", before.values()));
            if (deadline.isOver()) {
                throw new RefusedException("The rows of %s cannot be read yet: %s End them, or wait and run it again."
                        .formatted(mapping.entity(), message));
            }
            waiting.accept(message);
            pause();
            before.keySet().retainAll(writers(database, table).keySet());
        }
    }

    private static Map<String, String> writers(DSLContext database, Name table) {
        return TableWriters.of(database, table).stream()
                .collect(Collectors.toMap(Writer::transaction, Writer::description, (one, other) -> one, HashMap::new));
    }

    private static void pause() {
        Pause.of(PAUSE, e -> new CrossfadeException("Interrupted before the first row was read.", e));
    }
}
