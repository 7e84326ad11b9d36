package dev.crossfade.recover;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity;
import dev.crossfade.model.Side;
import dev.crossfade.verify.Survey;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an entity whose databases disagree.
 *
 * @param standpoint where it stands
 * @param databases who the databases are and were
 * @param compared where it was taken to stand for the comparison, empty if there was none
 * @param seen what the comparison saw, empty if there is no mirror or no stage to compare by
 * @param stranded how many intents lie on the side that does not decide: that side was written while it did
 * @param losses what each decision would cost, none where nothing was compared
 * @param begun a decision that was made and not carried out to its end
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
     * @param now what it is
     * @param remembered what the other one remembers of it, empty if nothing
     * @param change why it is not what it was, empty if it is
     */
    public record Database(
            Side side, DatabaseIdentity now, Optional<DatabaseIdentity> remembered, Optional<String> change) {}

    /** Tells whether there is anything to recover. */
    public boolean isToBeRecovered() {
        return standpoint.frozen().isPresent() || standpoint.isLost();
    }
}
