package dev.crossfade.recover;

import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an operator decided.
 *
 * @param winner the side whose rows are kept where the sides differ and neither has been written since
 * @param stage where the entity stands, empty where that is known
 * @param author who decided and why
 * @param allowRows how many rows of the losing side may be deleted or overwritten, empty for as many as a repair may
 * @param leaveUnfit whether to end the freeze although rows of the winner do not fit the other side; they are left as
 *     they are
 */
public record Decision(Side winner, Optional<Stage> stage, Author author, OptionalLong allowRows, boolean leaveUnfit) {

    /** Refuses a decision without a reason, and a number of rows that makes no sense. */
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
