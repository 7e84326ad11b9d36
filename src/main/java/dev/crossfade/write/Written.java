package dev.crossfade.write;

import dev.crossfade.lossy.AlteredRecord;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.write.SaveStatements.Saved;
import java.util.List;

/**
 * How many records were written, and the intents that were left for some or all of them.
 *
 * @param altered the records that come back from the legacy side changed
 */
public record Written(int records, List<Intent> intents, List<AlteredRecord> altered) {

    Written(int records, List<Intent> intents) {
        this(records, intents, List.of());
    }

    /** Returns the result of a save that left an intent for each record. */
    static Written noted(Saved<Intent> saved) {
        return new Written(saved.rows().size(), saved.rows(), saved.altered());
    }

    /** Returns the result of a save without a mirror. */
    static Written unmirrored(Saved<RecordKey> saved) {
        return new Written(saved.rows().size(), List.of(), saved.altered());
    }
}
