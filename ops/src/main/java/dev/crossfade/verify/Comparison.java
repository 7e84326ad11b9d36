package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.List;

/** Finds the keys of a range whose rows differ between the sides, for one topology. */
interface Comparison {

    /**
     * The result of comparing a range.
     *
     * @param legacyRows how many legacy rows the range has
     * @param suspects keys that differed at that moment, possibly because of in-flight writes
     */
    record Seen(long legacyRows, List<RecordKey> suspects) {}

    /** Returns the comparison for an entity's topology and kind. */
    static Comparison of(Databases databases, TableMapping mapping) {
        return mapping.sidesShareTransaction(databases)
                ? new JoinComparison(databases, mapping.from(Side.LEGACY))
                : new HashComparison(databases, mapping.from(Side.LEGACY));
    }

    /** Compares a range. */
    Seen compare(KeyRange range);
}
