package dev.crossfade.recover;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.RecordKey;
import java.util.Map;

/** How a decision ended. */
public sealed interface Outcome {

    /** The entity is not frozen; nothing was done. */
    record NothingToRecover() implements Outcome {}

    /**
     * More rows would have been lost than allowed. No row was changed, and the entity is still frozen.
     *
     * @param picture the disagreement
     * @param losses what the decision would cost
     * @param allowed how many rows may be lost
     */
    record HeldBack(Picture picture, Losses losses, long allowed) implements Outcome {}

    /**
     * Some rows of the winner do not fit the other side. The others were processed; the entity is still frozen.
     *
     * @param changed how many rows of the losing side were written or deleted
     * @param unfit the keys of those that do not fit, with the server's message
     */
    record Unfinished(Losses losses, long changed, Map<RecordKey, String> unfit) implements Outcome {

        /** Copies the keys. */
        public Unfinished {
            unfit = Map.copyOf(unfit);
        }
    }

    /**
     * The decision was carried out, and the entity is not frozen any more.
     *
     * @param standing its stage and epoch
     * @param losses what it cost
     * @param changed how many rows of the authoritative side were written or deleted, or keys noted for the mirror
     * @param passedBy how many rows were skipped, as they were written since they were listed
     * @param unfit rows of the winner that do not fit and were left as they are
     * @param backlog how many intents are left for the worker
     */
    record Recovered(
            Standing standing, Losses losses, long changed, long passedBy, Map<RecordKey, String> unfit, long backlog)
            implements Outcome {

        /** Copies the keys. */
        public Recovered {
            unfit = Map.copyOf(unfit);
        }
    }
}
