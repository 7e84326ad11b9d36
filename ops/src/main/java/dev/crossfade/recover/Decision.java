package dev.crossfade.recover;

import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An operator's decision.
 *
 * @param winner the side whose rows are kept where the sides differ and neither has been written since
 * @param stage the entity's stage, empty where it is known
 * @param author who decided and why
 * @param allowRows how many rows of the losing side may be deleted or overwritten; empty for a repair's limit
 * @param leaveUnfit whether to end the freeze although rows of the winner do not fit the other side; these are left as
 *     they are
 */
public record Decision(Side winner, Optional<Stage> stage, Author author, OptionalLong allowRows, boolean leaveUnfit) {

    /** Refuses a decision without a reason, and an invalid number of rows. */
    public Decision {
        if (author.reason() == null || author.reason().isBlank()) {
            throw new InvalidInputException("Which side wins is recorded with a reason. Add --reason \"…\".");
        }
        allowRows.ifPresent(rows -> {
            if (rows < 0) {
                throw new InvalidInputException(
                        "The rows that a recovery may delete or overwrite must be 0 or more, not %s.".formatted(rows));
            }
        });
    }
}
