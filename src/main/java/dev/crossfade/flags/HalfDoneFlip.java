package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Completes a flip of the authority back to the legacy database that was interrupted between fencing off the modern
 * database and recording the change in the control database. The fence carries the stage that was decided and stands
 * only after the last intent was applied, so anyone may complete it, any number of times.
 */
final class HalfDoneFlip {

    private HalfDoneFlip() {}

    static void complete(Databases databases, String entity) {
        if (databases.areShared()) {
            return;
        }
        Optional<Standing> control = AuthorityTable.find(databases.controlDsl(), entity);
        // Only the authority's way back fences off the modern database: otherwise it is not asked, and may be down.
        if (control.isEmpty() || control.get().stage().authority() != Side.MODERN) {
            return;
        }
        Optional<Standing> fence = AuthorityTable.fence(databases.dsl(Side.MODERN), entity)
                .filter(Fence::decided)
                .map(Fence::standing);
        if (fence.isPresent() && fence.get().epoch() > control.get().epoch()) {
            Step step = new Step(entity, control.get(), fence.get().stage());
            complete(databases.controlDsl(), step);
        }
    }

    private static void complete(DSLContext control, Step step) {
        try {
            control.transaction(transaction -> transaction
                    .dsl()
                    .connection(connection -> StageLog.record(
                            connection,
                            step,
                            new StageLog.Author("crossfade", "completed after an interruption"),
                            Map.of())));
        } catch (RefusedException e) {
            // Someone else completed it at the same moment.
            return;
        }
    }
}
