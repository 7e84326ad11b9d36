package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jooq.exception.DataAccessException;

/**
 * Completes a change that was interrupted between fencing off the modern database and recording it in the control
 * database. The fence carries the decided stage and is set only after the last intent was applied, so anyone may
 * complete the change, and repeating it is harmless. Completing is a step like any other: nobody writes, notes or
 * applies meanwhile.
 */
public final class HalfDoneFlip {

    private static final StageLog.Author AUTHOR = new StageLog.Author("crossfade", "completed after an interruption");

    private HalfDoneFlip() {}

    public static void complete(Databases databases, String entity) {
        if (databases.areShared()) {
            return;
        }
        Optional<Fence> control = AuthorityTable.fence(databases.controlDsl(), entity);
        // While the legacy side decides, the modern database is not read: it may be down.
        if (control.isEmpty()
                || control.get().frozen().isPresent()
                || control.get().standing().stage().authority() != Side.MODERN) {
            return;
        }
        Standing present = control.get().standing();
        AuthorityTable.fence(databases.dsl(Side.MODERN), entity)
                .filter(Fence::decided)
                .map(Fence::standing)
                .filter(fenced -> fenced.epoch() > present.epoch())
                .ifPresent(fenced -> record(databases, entity, present, fenced, AUTHOR));
    }

    /**
     * Records what was decided, under the locks of a change.
     *
     * @return false if somebody is writing, if it takes too long, or if something else was recorded: retry later
     */
    static boolean record(
            Databases databases, String entity, Standing present, Standing decided, StageLog.Author author) {
        List<Step> steps = List.of(new Step(entity, present, decided.stage()));
        try (FlipTransactions transactions = FlipTransactions.beginInControl(databases)) {
            if (!transactions.keepWritersOut(steps) || !transactions.keepAppliersOut(steps)) {
                return false;
            }
            Connection control = transactions.on(Side.LEGACY);
            StageLog.recordAgain(control, entity, present, decided, author);
            transactions.commit();
            return true;
        } catch (RefusedException e) {
            // Someone else completed it at the same moment.
            return false;
        } catch (SQLException | DataAccessException e) {
            if (FlipTransactions.hasRunOut(e)) {
                return false;
            }
            throw new UnavailableException(
                    "What was decided for %s cannot be recorded in the control database: %s Try again."
                            .formatted(entity, ServerMessage.sentence(ServerMessage.of(e))),
                    e);
        }
    }
}
