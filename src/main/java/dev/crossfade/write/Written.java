package dev.crossfade.write;

import dev.crossfade.lossy.AlteredRecord;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.write.SaveStatements.Saved;
import java.util.List;

/**
 * How many records were written, and the intents that were left for some or all of them.
 *
 * @param altered the records that the legacy side does not bring back as they were given
 */
public record Written(int records, List<Intent> intents, List<AlteredRecord> altered) {

    Written(int records, List<Intent> intents) {
        this(records, intents, List.of());
    }

    /** Of a save that left an intent for each record. */
    static Written noted(Saved<Intent> saved) {
        return new Written(saved.rows().size(), saved.rows(), saved.altered());
    }

    /** Of a save that has no mirror. */
    static Written unmirrored(Saved<RecordKey> saved) {
        return new Written(saved.rows().size(), List.of(), saved.altered());
    }
}
