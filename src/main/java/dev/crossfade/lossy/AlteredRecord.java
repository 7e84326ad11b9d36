package dev.crossfade.lossy;

import dev.crossfade.model.RecordKey;
import dev.crossfade.statement.Alteration;
import java.util.List;

/**
 * A saved record that comes back from the legacy side changed.
 *
 * @param key as the legacy side spells it
 */
public record AlteredRecord(RecordKey key, List<Alteration> alterations) {

    /** Tells whether a value changed; otherwise the values are equal and only spelled differently. */
    public boolean isChanged() {
        return alterations.stream().anyMatch(Alteration::changed);
    }
}
