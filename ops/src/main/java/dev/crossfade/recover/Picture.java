package dev.crossfade.recover;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity;
import dev.crossfade.model.Side;
import dev.crossfade.verify.Survey;
import java.util.List;
import java.util.Optional;

/**
 * What is known about an entity whose databases disagree.
 *
 * @param standpoint its stage, as far as it is known
 * @param databases the identity of each database, and what it was
 * @param compared the stage assumed for the comparison, empty if there was no comparison
 * @param seen the result of the comparison, empty if there is no mirror or no known stage
 * @param stranded how many intents are on the mirror side, from writes made while it was authoritative
 * @param losses what each decision would cost; empty where nothing was compared
 * @param begun a decision that is partly carried out
 */
public record Picture(
        String entity,
        Standpoint standpoint,
        List<Database> databases,
        Optional<Standing> compared,
        Optional<Survey.Seen> seen,
        long stranded,
        List<Losses> losses,
        Optional<RecoveryLog.RecordedRecovery> begun) {

    /** Copies the lists. */
    public Picture {
        databases = List.copyOf(databases);
        losses = List.copyOf(losses);
    }

    /**
     * A database.
     *
     * @param now its present identity
     * @param remembered what the other one remembers of it, empty if nothing
     * @param change how it has changed, empty if it has not
     */
    public record Database(
            Side side, DatabaseIdentity now, Optional<DatabaseIdentity> remembered, Optional<String> change) {}

    /** Tells whether there is anything to recover. */
    public boolean isToBeRecovered() {
        return standpoint.frozen().isPresent() || standpoint.isLost();
    }
}
