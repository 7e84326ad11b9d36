package dev.crossfade.lossy;

import java.util.List;

/**
 * A save whose values came back from the legacy side changed.
 *
 * @param entity the entity
 * @param key the record's key, as the legacy side spells it
 * @param mapping the mapping's fingerprint
 * @param changed whether a value changed; otherwise the values are equal and only spelled differently
 * @param columns the differing columns, redacted
 */
public record LossyWrite(String entity, List<String> key, String mapping, boolean changed, List<Value> columns) {

    /** Copies the lists. */
    public LossyWrite {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /**
     * A modern column that differs.
     *
     * @param column its name
     * @param given a description of the given value
     * @param stored a description of the value that the stored legacy row projects to
     */
    public record Value(String column, String given, String stored) {}
}
