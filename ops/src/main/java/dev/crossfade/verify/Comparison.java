package dev.crossfade.verify;

import dev.crossfade.mapping.KeyRange;
import dev.crossfade.model.RecordKey;
import java.util.List;

/** One topology's way of finding the keys of a range whose rows are not the same on both sides. */
interface Comparison {

    /**
     * What was seen.
     *
     * @param legacyRows how many legacy rows the range has
     * @param suspects keys that differed at that moment; writes may have been under way
     */
    record Seen(long legacyRows, List<RecordKey> suspects) {}

    /** Compares a range. */
    Seen compare(KeyRange range);
}
