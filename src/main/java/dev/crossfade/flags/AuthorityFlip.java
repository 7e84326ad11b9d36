package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.control.OwnConnections;
import dev.crossfade.control.TableWriters;
import dev.crossfade.control.TableWriters.Writer;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.PreparedDrain;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the authority of entities from one side to the other without losing a write. Writers hold the entity's
 * advisory lock shared and prove their epoch after acquiring it; the flip holds the lock exclusively for a moment, in
 * the database that the authority leaves:
 *
 * <ol>
 *   <li>drain the backlog while writers continue;
 *   <li>start all needed transactions, on connections of its own;
 *   <li>take the lock, for a {@link Window} at most, retrying, so that no writer is blocked for longer;
 *   <li>under the lock apply what the last writers left, until no intent and no missed write remains;
 *   <li>block appliers, wait for those that are writing the mirror, and make sure that there is still no intent, and
 *         that nobody writes the tables bypassing the locks; hand over the sequences of the keys;
 *   <li>raise the epoch there and commit: from now on writers of the old epoch are refused, read the new stage and
 *         write to the other side.
 * </ol>
 *
 * <p>On the way back between two databases the epoch is raised in the modern database first and then recorded in the
 * control database; {@link HalfDoneFlip} completes a flip that was interrupted in between.
 */
public final class AuthorityFlip {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFlip.class);

    private static final String SLOW =
            "each attempt took longer than the %s ms for which writers are kept out: rows of the mirror are locked, see pg_locks, or a server is slow."
                    .formatted(Window.LONGEST.toMillis());

    /** How often it checks whether the backlog is small enough. */
    private static final Duration LOOKING = Duration.ofMillis(5);

    private static final int LEFT_TO_THE_LOCK = 200;

    private final Databases databases;
    private final Drain drain;
    private final Leftovers leftovers;
    private final Duration deadline;

    /**
     * Creates the flip.
     *
     * @param mappings the mapping of an entity, empty if it is not known here
     * @param deadline how long to keep trying to get the lock or to drain the backlog
     */
    public AuthorityFlip(
            Databases databases, Drain drain, Function<String, Optional<TableMapping>> mappings, Duration deadline) {
        this.databases = databases;
        this.drain = drain;
        this.leftovers = new Leftovers(databases, mappings);
        this.deadline = deadline;
    }

    /**
     * Moves the authority. Everything needed while writers are blocked is acquired before, on connections outside the
     * service's pool: the service's own threads may all be waiting with a pooled connection each.
     *
     * @param leaving the side that the authority leaves
     * @param change the steps, with the verdicts of the gates
     * @throws RefusedException if there are missed writes, or something blocks the flip until the deadline; nothing
     *         was changed
     */
    void flip(Side leaving, DecidedChange change) {
        List<TableMapping> affected =
                change.steps().stream().map(leftovers::mapping).toList();
        try (OwnConnections own = new OwnConnections(databases)) {
            DSLContext control = own.databases().controlDsl();
            affected.forEach(
                    mapping -> AuthorityTable.requireMapping(control, mapping.entity(), mapping.fingerprint()));
            requireNothingMissed(control, affected);
            SequenceHandOver sequences = new SequenceHandOver(own.databases(), affected, leaving);
            Deadline end = Deadline.after(deadline);
            String obstacle = "";
            while (!end.isOver()) {
                obstacle = drain(own.databases(), leaving, affected, end);
                if (obstacle.isEmpty()) {
                    obstacle = tryUnderLock(own.databases(), leaving, change, sequences);
                    if (obstacle.isEmpty()) {
                        return;
                    }
                }
                requireNothingMissed(control, affected);
                Window.pause();
            }
            throw new RefusedException("The authority of %s could not move within %s s: %s"
                    .formatted(change.entities(), deadline.toSeconds(), obstacle));
        }
    }

    /** A key that does not fit does not get there by waiting. */
    private static void requireNothingMissed(DSLContext control, List<TableMapping> affected) {
        MissedWrites missedWrites = new MissedWrites(control);
        for (TableMapping mapping : affected) {
            int missed = missedWrites.count(mapping.entity());
            if (missed > 0) {
                throw new RefusedException(
                        "The authority of %s cannot move over its %s missed writes: the other side has older rows. See `crossfade queue list %s`; once they are put right, or discarded, try again."
                                .formatted(mapping.entity(), missed, mapping.entity()));
            }
        }
    }

    /** Returns the obstacle, empty if there is none. */
    private String tryUnderLock(Databases own, Side leaving, DecidedChange change, SequenceHandOver sequences) {
        try (FlipTransactions transactions = FlipTransactions.begin(own);
                PreparedDrain rest = PreparedDrain.begin(own, leaving, Window.LONGEST)) {
            String obstacle = obstacleUnderLock(transactions, rest, leaving, change);
            if (obstacle.isEmpty()) {
                transactions.limit();
                change.requireNothingDiscarded(transactions.dsl(Side.LEGACY));
                LossyWayBack.requireLossless(transactions.dsl(Side.LEGACY), change);
                requireUnchanged(transactions, change);
                sequences.handOver(transactions.dsl(leaving), transactions.dsl(leaving.opposite()));
                transactions.limit();
                commit(transactions, leaving, change);
            }
            return obstacle;
        } catch (SQLException | DataAccessException e) {
            if (FlipTransactions.hasRunOut(e)) {
                return SLOW;
            }
            throw new UnavailableException(
                    "The flip of the authority was interrupted: %s Run the same command again."
                            .formatted(ServerMessage.sentence(ServerMessage.of(e))),
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

    /** Takes the locks, applies the rest, and returns the obstacle, if any. */
    private String obstacleUnderLock(
            FlipTransactions transactions, PreparedDrain rest, Side leaving, DecidedChange change) throws SQLException {
        rest.limitSilence();
        if (!transactions.keepWritersOut(change.steps())) {
            return "a writer's transaction has been open all the time. Find it in pg_stat_activity, or wait.";
        }
        String left = leftovers.workOff(transactions, rest, change.steps());
        if (!left.isEmpty()) {
            return left;
        }
        rest.commit();
        if (!transactions.keepAppliersOut(change.steps())) {
            return "somebody has been writing the mirror all the time. Find the advisory locks in pg_locks, or wait.";
        }
        transactions.limit();
        String strangers = strangers(transactions.dsl(leaving), leaving, change.steps())
                + strangers(transactions.dsl(leaving.opposite()), leaving.opposite(), change.steps());
        // A captured writer from a stage without the lock may have committed between the drain and the check.
        return strangers.isEmpty()
                ? backlog(transactions.dsl(leaving), transactions.dsl(Side.LEGACY), change.names(), 0)
                : strangers;
    }

    /**
     * Switches the mirror on or off without moving the authority: see {@link MirrorSwitch}.
     *
     * @throws RefusedException if continuous writes prevent it; nothing was changed
     */
    void switchMirror(DecidedChange change) {
        new MirrorSwitch(databases, leftovers).carryOut(change);
    }

    /**
     * Describes who still writes one side's tables: an instance that was paused since a stage without the lock, or
     * someone who bypasses Crossfade. Their commits after the flip would be lost on the side that the authority
     * leaves, and would not be captured on the other side, because they were written while that side did not decide.
     */
    private String strangers(DSLContext database, Side side, List<Step> steps) {
        StringBuilder found = new StringBuilder();
        for (Step step : steps) {
            Relation relation = leftovers.mapping(step).relation(side);
            for (Writer writer : TableWriters.of(database, relation.qualifiedName())) {
                found.append("%s writes %s past the stages. ".formatted(writer.description(), relation));
            }
        }
        return found.isEmpty() ? "" : found + "Wait for these transactions, or end them.";
    }

    private void commit(FlipTransactions transactions, Side leaving, DecidedChange change) throws SQLException {
        Connection control = transactions.on(Side.LEGACY);
        if (!databases.areShared()) {
            // So that nobody completes this change meanwhile as an interrupted one.
            change.requireStandings(transactions.dsl(Side.LEGACY));
            change.steps().forEach(step -> tellModern(transactions.dsl(Side.MODERN), step));
        }
        LossyWayBack.begin(transactions.dsl(Side.LEGACY), change);
        change.record(control);
        transactions.commit();
        if (!databases.areShared() && leaving == Side.LEGACY) {
            confirm(change);
        }
    }

    /** An entity whose modern side decides already, because it moves along from modern-only, stays with it. */
    private static void tellModern(DSLContext modern, Step step) {
        if (step.from().stage().authority() == Side.LEGACY) {
            StageLog.announce(modern, step);
        } else {
            StageLog.raise(modern, step);
        }
    }

    /** If this fails, the first writer under the new epoch confirms it, or a poller does. */
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

    /** Works off most of the backlog; returns what is left and why, empty if that was reached. */
    private String drain(Databases own, Side leaving, List<TableMapping> affected, Deadline end) {
        DSLContext authority = own.dsl(leaving);
        List<String> entities = affected.stream().map(TableMapping::entity).toList();
        while (true) {
            String left;
            try {
                for (TableMapping mapping : affected) {
                    if (Intents.count(authority, mapping.entity()) > LEFT_TO_THE_LOCK) {
                        drain.intents(mapping, Duration.ZERO);
                    }
                }
                left = backlog(authority, own.controlDsl(), entities, LEFT_TO_THE_LOCK);
            } catch (MirrorOutageException e) {
                left = e.getMessage() + " ";
            }
            if (left.isEmpty()) {
                return "";
            }
            requireNothingMissed(own.controlDsl(), affected);
            if (end.isOver()) {
                return left + "Run `crossfade worker`, see `crossfade queue list`, and try again.";
            }
            Window.pause(LOOKING);
        }
    }

    /**
     * Describes the backlog of the mirror. A missed write is recorded before its intents are deleted, so intents are
     * counted first.
     */
    private static String backlog(DSLContext authority, DSLContext control, List<String> entities, int allowed) {
        MissedWrites missedWrites = new MissedWrites(control);
        StringBuilder left = new StringBuilder();
        for (String entity : entities) {
            int intents = Intents.count(authority, entity);
            int missed = missedWrites.count(entity);
            if (intents > allowed || missed > 0) {
                left.append("%s has %s intents, %s allowed, and %s missed writes, 0 allowed. "
                        .formatted(entity, intents, allowed, missed));
            }
        }
        return left.toString();
    }
}
