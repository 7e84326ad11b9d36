package dev.crossfade.lossy;

import dev.crossfade.model.RecordKey;
import dev.crossfade.statement.Alteration;
import java.util.List;

/**
 * A record that was saved, and that the legacy side does not bring back as it was given.
 *
 * @param key as the legacy side spells it
 */
public record AlteredRecord(RecordKey key, List<Alteration> alterations) {

    /** Tells whether a value became another one; else they are equal, and only spelled differently. */
    public boolean isChanged() {
        return alterations.stream().anyMatch(Alteration::changed);
    }
}
