package dev.crossfade.flags;

import dev.crossfade.control.Databases;
import dev.crossfade.control.OwnConnections;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.reconcile.PreparedDrain;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches the mirror on or off without moving the authority. Once that is committed, no writer and no applier acts
 * on the previous stage. Before the legacy side stops being the mirror, its last keys are applied as far as possible;
 * the rest waits until there is a mirror again.
 */
final class MirrorSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(MirrorSwitch.class);

    /** Longer than any statement of an applier. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Databases databases;
    private final Leftovers leftovers;

    MirrorSwitch(Databases databases, Leftovers leftovers) {
        this.databases = databases;
        this.leftovers = leftovers;
    }

    /**
     * Carries the change out.
     *
     * @throws RefusedException if continuous writes prevent it; nothing was changed
     */
    void carryOut(DecidedChange change) {
        // While legacy decides, a modern mirror that is down must not prevent switching it off.
        boolean modernDecides =
                change.steps().stream().anyMatch(step -> step.from().stage().authority() == Side.MODERN);
        Deadline end = Deadline.after(DEADLINE);
        try (OwnConnections own = new OwnConnections(databases)) {
            while (!hasSwitched(own.databases(), change, modernDecides)) {
                if (end.isOver()) {
                    throw new RefusedException(
                            "Somebody has been writing %s or its mirror for %s s. Find the advisory locks in pg_locks, or wait."
                                    .formatted(change.entities(), DEADLINE.toSeconds()));
                }
                Window.pause();
            }
        }
    }

    private boolean hasSwitched(Databases own, DecidedChange change, boolean modernDecides) {
        try (FlipTransactions transactions =
                modernDecides ? FlipTransactions.begin(own) : FlipTransactions.beginInControl(own)) {
            if ((modernDecides && !isDrained(own, transactions, change))
                    || !transactions.keepAppliersOut(change.steps())) {
                return false;
            }
            transactions.limit();
            change.record(transactions.on(Side.LEGACY));
            if (modernDecides && !databases.areShared()) {
                change.steps().forEach(step -> StageLog.raise(transactions.dsl(Side.MODERN), step));
            }
            transactions.commit();
            return true;
        } catch (SQLException | DataAccessException e) {
            if (FlipTransactions.hasRunOut(e)) {
                return false;
            }
            throw new UnavailableException(
                    "Switching the mirror of %s was interrupted: %s Run the same command again."
                            .formatted(change.entities(), ServerMessage.sentence(ServerMessage.of(e))),
                    e);
        }
    }

    /** Blocks the writers and tries to apply what they left; tells whether they are blocked. */
    private boolean isDrained(Databases own, FlipTransactions transactions, DecidedChange change) throws SQLException {
        List<Step> mirrored = change.steps().stream()
                .filter(Step::endsMirror)
                .filter(leftovers::knows)
                .toList();
        try (PreparedDrain rest = PreparedDrain.begin(own, Side.MODERN, Window.LONGEST)) {
            rest.limitSilence();
            if (!transactions.keepWritersOut(change.steps())) {
                return false;
            }
            String left = left(transactions, rest, mirrored);
            if (!left.isEmpty()) {
                LOG.info("The legacy side is left behind: {}", left);
            }
            return true;
        }
    }

    private String left(FlipTransactions transactions, PreparedDrain rest, List<Step> mirrored) throws SQLException {
        try {
            String left = leftovers.workOff(transactions, rest, mirrored);
            rest.commit();
            return left;
        } catch (SQLException e) {
            if (FlipTransactions.hasRunOut(e)) {
                return "its rows are locked, or its server is slow. What waits, waits until it is the mirror again.";
            }
            throw e;
        }
    }
}
