package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.control.ServerMessage;
import dev.crossfade.control.TableWriters;
import dev.crossfade.control.TableWriters.Writer;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the authority of entities from one side to the other without losing a write. Writers around the flip hold the
 * entity's advisory lock shared and prove their epoch after getting it; the flip holds the lock exclusively for an
 * instant, in the database that the authority leaves:
 *
 * <ol>
 *   <li>work off the backlog while writers go on;
 *   <li>take the lock with a short timeout, again and again, so that no writer queues behind a stuck one for longer;
 *   <li>under the lock work off what the last writers left, until no intent and no missed write remains;
 *   <li>keep appliers out, wait for those that are writing the mirror, and make sure that there is still no intent, and that
 *       nobody writes the tables past the locks; hand over the sequences of the keys;
 *   <li>raise the epoch there and commit: writers of the old epoch are refused from now on, look up the new stage and
 *       write to the other side.
 * </ol>
 *
 * <p>On the way back between two databases the epoch is raised in the modern database first and then recorded in the
 * control database; {@link HalfDoneFlip} completes a flip that was interrupted in between.
 */
public final class AuthorityFlip {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFlip.class);

    /** The SQLSTATE of a transaction that was idle for longer than allowed. */
    private static final String SILENT_FOR_TOO_LONG = "25P03";

    /** Longer than any statement of an applier. */
    private static final Duration SWITCHING = Duration.ofSeconds(20);

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

    /**
     * Moves the authority.
     *
     * @param leaving the side that the authority leaves
     * @param change what is changed, with what the gates said
     * @throws RefusedException if something is in the way until the deadline; nothing was changed
     */
    void flip(Side leaving, DecidedChange change) {
        List<TableMapping> affected = change.steps().stream().map(this::mapping).toList();
        long end = System.nanoTime() + deadline.toNanos();
        String obstacle = "";
        while (System.nanoTime() < end) {
            obstacle = drain(leaving, affected, LEFT_TO_THE_LOCK, end);
            if (obstacle.isEmpty()) {
                obstacle = tryUnderLock(leaving, change, affected);
                if (obstacle.isEmpty()) {
                    return;
                }
            }
            pause(PAUSE);
        }
        throw new RefusedException("The authority of %s could not move within %d s: %s"
                .formatted(change.entities(), deadline.toSeconds(), obstacle));
    }

    /** Returns what is in the way, empty if nothing is. */
    private String tryUnderLock(Side leaving, DecidedChange change, List<TableMapping> affected) {
        try (FlipTransactions transactions = FlipTransactions.begin(databases)) {
            String obstacle = obstacleUnderLock(transactions, leaving, change, affected);
            if (obstacle.isEmpty()) {
                change.requireNothingDiscarded(databases.controlDsl());
                requireUnchanged(transactions, change);
                affected.forEach(mapping -> sequences.handOver(mapping, leaving));
                commit(transactions, leaving, change);
            }
            return obstacle;
        } catch (SQLException | DataAccessException e) {
            throw new UnavailableException(
                    "The flip of the authority was interrupted: %s Run the same command again."
                            .formatted(ServerMessage.of(e)),
                    e);
        }
    }

    /** A database that has gone back in time since the gates were asked must not become the authority. */
    private void requireUnchanged(FlipTransactions transactions, DecidedChange change) throws SQLException {
        if (!databases.areShared()) {
            IdentityWatch.change(transactions.on(Side.LEGACY), transactions.on(Side.MODERN))
                    .ifPresent(reason -> {
                        throw new FrozenException(change.entities(), reason);
                    });
        }
    }

    /** Takes the locks, works off what is left, and looks whether anything is in the way. */
    private String obstacleUnderLock(
            FlipTransactions transactions, Side leaving, DecidedChange change, List<TableMapping> affected)
            throws SQLException {
        try {
            if (!transactions.keepWritersOut(change.steps())) {
                return "a writer's transaction has been open all the time. Find it in pg_stat_activity, or wait.";
            }
            String backlog = drain(leaving, affected, 0, System.nanoTime() + DRAIN_UNDER_LOCK.toNanos());
            if (!backlog.isEmpty()) {
                return backlog;
            }
            if (!transactions.keepAppliersOut(change.steps())) {
                return "somebody has been writing the mirror all the time. Find the advisory locks in pg_locks, or wait.";
            }
            String strangers = strangers(transactions.dsl(leaving), leaving, affected)
                    + strangers(transactions.dsl(leaving.opposite()), leaving.opposite(), affected);
            // A captured writer of a stage without the lock may have committed between the drain and the look.
            return strangers.isEmpty() ? backlog(leaving, affected, 0) : strangers;
        } catch (SQLException e) {
            if (SILENT_FOR_TOO_LONG.equals(e.getSQLState())) {
                return "the mirror took so long under the lock that the server ended the attempt, for the writers' sake. Look at the mirror's server.";
            }
            throw e;
        }
    }

    /**
     * Switches the mirror on or off where the authority stays, so that no writer and no applier acts as of before the change once
     * it is committed. Before the legacy side ceases to be the mirror its last keys are brought up to date, as far as that goes:
     * what is left waits until there is a mirror again.
     *
     * @throws RefusedException if somebody writes all the time; nothing was changed
     */
    void switchMirror(DecidedChange change) {
        // A mirror that is down must not keep the modern side from being switched off.
        boolean modernDecides =
                change.steps().stream().anyMatch(step -> step.from().stage().authority() == Side.MODERN);
        long end = System.nanoTime() + SWITCHING.toNanos();
        while (true) {
            try (FlipTransactions transactions =
                    modernDecides ? FlipTransactions.begin(databases) : FlipTransactions.beginInControl(databases)) {
                if ((!modernDecides || isDrained(transactions, change))
                        && transactions.keepAppliersOut(change.steps())) {
                    change.record(transactions.on(Side.LEGACY));
                    if (modernDecides && !databases.areShared()) {
                        change.steps().forEach(step -> StageLog.raise(transactions.dsl(Side.MODERN), step));
                        transactions.on(Side.MODERN).commit();
                    }
                    transactions.on(Side.LEGACY).commit();
                    return;
                }
            } catch (SQLException e) {
                throw new UnavailableException(
                        "Switching the mirror of %s was interrupted: %s Run the same command again."
                                .formatted(change.entities(), e.getMessage()),
                        e);
            }
            if (System.nanoTime() > end) {
                throw new RefusedException(
                        "Somebody has been writing %s or its mirror for %d s. Find the advisory locks in pg_locks, or wait."
                                .formatted(change.entities(), SWITCHING.toSeconds()));
            }
            pause(PAUSE);
        }
    }

    /** Keeps the writers out and tries to work off what they left; tells whether they are out. */
    private boolean isDrained(FlipTransactions transactions, DecidedChange change) throws SQLException {
        if (!transactions.keepWritersOut(change.steps())) {
            return false;
        }
        List<TableMapping> mirrored = change.steps().stream()
                .filter(Step::endsMirror)
                .map(Step::entity)
                .map(mappings)
                .flatMap(Optional::stream)
                .toList();
        String left = drain(Side.MODERN, mirrored, 0, System.nanoTime() + DRAIN_UNDER_LOCK.toNanos());
        if (!left.isEmpty()) {
            LOG.info("The legacy side is left behind: {}", left);
        }
        return true;
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

    private void commit(FlipTransactions transactions, Side leaving, DecidedChange change) throws SQLException {
        Connection control = transactions.on(Side.LEGACY);
        if (!databases.areShared()) {
            // Nobody completes this change in the meantime as one that was interrupted.
            change.requireStandings(transactions.dsl(Side.LEGACY));
            change.steps().forEach(step -> tellModern(transactions.dsl(Side.MODERN), step));
            transactions.on(Side.MODERN).commit();
        }
        change.record(control);
        control.commit();
        if (!databases.areShared() && leaving == Side.LEGACY) {
            confirm(change);
        }
    }

    /** An entity whose modern side decides already, as it moves along from modern-only, stays with it. */
    private static void tellModern(DSLContext modern, Step step) {
        if (step.from().stage().authority() == Side.LEGACY) {
            StageLog.announce(modern, step);
        } else {
            StageLog.raise(modern, step);
        }
    }

    /** Where this fails, the first writer under the new epoch says so, or a poller. */
    private void confirm(DecidedChange change) {
        try {
            change.steps()
                    .forEach(step -> AuthorityTable.confirm(
                            databases.dsl(Side.MODERN),
                            step.entity(),
                            step.from().epoch() + 1));
        } catch (DataAccessException e) {
            LOG.debug("The modern database could not be told that the change was recorded.", e);
        }
    }

    /** Works off the backlog down to some intents; returns what is left and why, empty if that was reached. */
    private String drain(Side leaving, List<TableMapping> affected, int allowed, long end) {
        DSLContext authority = databases.dsl(leaving);
        while (true) {
            String left;
            try {
                for (TableMapping mapping : affected) {
                    if (Intents.count(authority, mapping.entity()) > allowed) {
                        drain.intents(mapping, Duration.ZERO);
                    }
                }
                left = backlog(leaving, affected, allowed);
            } catch (MirrorOutageException e) {
                left = e.getMessage() + " ";
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

    /** Returns what waits for the mirror. A record of a missed write comes before its intents go, so intents are counted first. */
    private String backlog(Side leaving, List<TableMapping> affected, int allowed) {
        MissedWrites missedWrites = new MissedWrites(databases.controlDsl());
        StringBuilder left = new StringBuilder();
        for (TableMapping mapping : affected) {
            int intents = Intents.count(databases.dsl(leaving), mapping.entity());
            int missed = missedWrites.count(mapping.entity());
            if (intents > allowed || missed > 0) {
                left.append("%s has %d intents, %d allowed, and %d missed writes, 0 allowed. "
                        .formatted(mapping.entity(), intents, allowed, missed));
            }
        }
        return left.toString();
    }

    private TableMapping mapping(Step step) {
        TableMapping mapping = mappings.apply(step.entity())
                .orElseThrow(() -> new InvalidInputException(
                        "The mapping of '%s' is not known here, and without it nothing can be drained. Add it to the mapping file."
                                .formatted(step.entity())));
        AuthorityTable.requireMapping(databases.controlDsl(), step.entity(), mapping.fingerprint());
        return mapping;
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
