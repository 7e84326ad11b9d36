package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.TableWriters;
import dev.crossfade.control.TableWriters.Writer;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.FailureClass;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * Moves the authority of entities from one side to the other without losing a write. Writers around the flip hold the
 * entity's advisory lock shared and prove their epoch after getting it; the flip holds the lock exclusively for an
 * instant, in the database that the authority leaves:
 *
 * <ol>
 *   <li>work off the backlog while writers go on;
 *   <li>take the lock with a short timeout, again and again, so that no writer queues behind a stuck one for longer;
 *   <li>under the lock work off what the last writers left, until no intent and no missed write remains;
 *   <li>make sure that nobody writes the authoritative tables past the lock, and hand over the sequences of the keys;
 *   <li>raise the epoch there and commit: writers of the old epoch are refused from now on, look up the new stage and
 *       write to the other side.
 * </ol>
 *
 * <p>On the way back between two databases the epoch is raised in the modern database first and then recorded in the
 * control database; {@link HalfDoneFlip} completes a flip that was interrupted in between.
 */
public final class AuthorityFlip {

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration DRAIN_UNDER_LOCK = Duration.ofSeconds(1);
    private static final int LEFT_TO_THE_LOCK = 200;

    private final Databases databases;
    private final Drain drain;
    private final Function<String, Optional<TableMapping>> mappings;
    private final Duration deadline;
    private final SequenceHandOver sequences;

    /**
     * Makes a flip.
     *
     * @param mappings the mapping of an entity, empty if it is not known here
     * @param deadline how long to go on trying to get the lock or to work off the backlog
     */
    public AuthorityFlip(
            Databases databases, Drain drain, Function<String, Optional<TableMapping>> mappings, Duration deadline) {
        this.databases = databases;
        this.drain = drain;
        this.mappings = mappings;
        this.deadline = deadline;
        this.sequences = new SequenceHandOver(databases);
    }

    void flip(Side leaving, List<Step> steps, Author author, Map<String, Map<String, Verdict>> verdicts) {
        List<TableMapping> affected = steps.stream().map(this::mapping).toList();
        long end = System.nanoTime() + deadline.toNanos();
        String obstacle = "";
        while (System.nanoTime() < end) {
            obstacle = drain(leaving, affected, LEFT_TO_THE_LOCK, end);
            if (obstacle.isEmpty()) {
                obstacle = tryUnderLock(leaving, steps, affected, author, verdicts);
                if (obstacle.isEmpty()) {
                    return;
                }
            }
            pause();
        }
        throw new RefusedException("The authority of %s could not move within %d s: %s"
                .formatted(
                        String.join(", ", steps.stream().map(Step::entity).toList()), deadline.toSeconds(), obstacle));
    }

    /** Returns what is in the way, empty if nothing is. */
    private String tryUnderLock(
            Side leaving,
            List<Step> steps,
            List<TableMapping> affected,
            Author author,
            Map<String, Map<String, Verdict>> verdicts) {
        try (Connection connection = databases.of(leaving).getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (!lock(connection, steps)) {
                    connection.rollback();
                    return "a writer's transaction has been open all the time. Find it in pg_stat_activity, or wait.";
                }
                String obstacle = drain(leaving, affected, 0, System.nanoTime() + DRAIN_UNDER_LOCK.toNanos());
                if (obstacle.isEmpty()) {
                    obstacle = strangers(Databases.dsl(connection), leaving, affected)
                            + strangers(reaching(leaving.opposite(), connection), leaving.opposite(), affected);
                }
                if (obstacle.isEmpty()) {
                    // A captured writer of a stage without the lock may have committed between the drain and the look.
                    obstacle = drain(leaving, affected, 0, System.nanoTime());
                }
                if (!obstacle.isEmpty()) {
                    connection.rollback();
                    return obstacle;
                }
                affected.forEach(mapping -> sequences.handOver(mapping, leaving));
                commit(connection, leaving, steps, author, verdicts);
                return "";
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                if (LOCK_NOT_AVAILABLE.equals(FailureClass.sqlState(e))) {
                    return "someone else is moving one of them at this moment. Look at `crossfade stage`.";
                }
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new UnavailableException(
                    "The flip of the authority was interrupted: %s Run the same command again."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /**
     * Describes who writes one side's tables all the same: an instance that stood still since a stage without the lock, or
     * someone who does not go through Crossfade. What they commit to the one side after the flip would be lost, and what
     * they commit to the other one would be captured by nobody, as it was written while that side did not decide.
     */
    private static String strangers(DSLContext database, Side side, List<TableMapping> affected) {
        StringBuilder found = new StringBuilder();
        for (TableMapping mapping : affected) {
            Relation relation = mapping.relation(side);
            for (Writer writer : TableWriters.of(database, relation.qualifiedName())) {
                found.append("%s writes %s past the stages. ".formatted(writer.description(), relation));
            }
        }
        return found.isEmpty() ? "" : found + "Wait for these transactions, or end them.";
    }

    /** Looks through the flip's own connection where it can, as the flip's own locks are not strange. */
    private DSLContext reaching(Side side, Connection flipping) {
        return databases.areShared() ? Databases.dsl(flipping) : databases.dsl(side);
    }

    private void commit(
            Connection connection,
            Side leaving,
            List<Step> steps,
            Author author,
            Map<String, Map<String, Verdict>> verdicts)
            throws SQLException {
        if (leaving == Side.LEGACY || databases.areShared()) {
            steps.forEach(step -> StageLog.announceToModern(databases, step));
            for (Step step : steps) {
                StageLog.record(connection, step, author, verdicts.getOrDefault(step.entity(), Map.of()));
            }
            // An entity that moves along from modern-only, and stays with the modern side.
            steps.forEach(step -> StageLog.fenceOffModernWriters(databases, step));
            connection.commit();
            return;
        }
        for (Step step : steps) {
            StageLog.requireStanding(databases.controlDsl(), step);
        }
        DSLContext fence = Databases.dsl(connection);
        steps.forEach(step -> StageLog.raise(fence, step));
        connection.commit();
        databases
                .controlDsl()
                .transaction(transaction -> transaction.dsl().connection(control -> {
                    for (Step step : steps) {
                        StageLog.record(control, step, author, verdicts.getOrDefault(step.entity(), Map.of()));
                    }
                }));
    }

    private static boolean lock(Connection connection, List<Step> steps) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select set_config('lock_timeout', ?, true); select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            for (Step step : steps) {
                lock.setString(1, Long.toString(LOCK_TIMEOUT.toMillis()));
                lock.setString(2, AuthorityTable.lockName(step.entity()));
                lock.execute();
            }
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Works off the backlog down to some intents; returns what is left and why, empty if that was reached. */
    private String drain(Side leaving, List<TableMapping> affected, int allowed, long end) {
        DSLContext authority = databases.dsl(leaving);
        MissedWrites missedWrites = new MissedWrites(databases.controlDsl());
        while (true) {
            StringBuilder left = new StringBuilder();
            try {
                for (TableMapping mapping : affected) {
                    if (Intents.count(authority, mapping.entity()) > allowed) {
                        drain.intents(mapping, Duration.ZERO);
                    }
                    int intents = Intents.count(authority, mapping.entity());
                    int missed = missedWrites.count(mapping.entity());
                    if (intents > allowed || missed > 0) {
                        left.append("%s has %d intents, %d allowed, and %d missed writes, 0 allowed. "
                                .formatted(mapping.entity(), intents, allowed, missed));
                    }
                }
            } catch (MirrorOutageException e) {
                left.append(e.getMessage());
            }
            if (left.isEmpty()) {
                return "";
            }
            if (System.nanoTime() > end) {
                return left + "Run `crossfade worker`, see `crossfade queue list`, and try again.";
            }
            pause(Duration.ofMillis(5));
        }
    }

    private TableMapping mapping(Step step) {
        return mappings.apply(step.entity())
                .orElseThrow(() -> new InvalidInputException(
                        "The mapping of '%s' is not known here, and without it nothing can be drained. Add it to the mapping file."
                                .formatted(step.entity())));
    }

    private static void pause() {
        pause(PAUSE);
    }

    private static void pause(Duration duration) {
        try {
            TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The flip of the authority was interrupted before it happened.", e);
        }
    }
}
