package dev.crossfade.lossy;

import java.util.List;

/**
 * A save that the legacy side did not bring back as it was given.
 *
 * @param entity the entity
 * @param key the record's key, as the legacy side spells it
 * @param mapping the mapping's fingerprint
 * @param changed whether a value became another one; else they are equal, and only spelled differently
 * @param columns what differs, redacted
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
     * @param given a description of what was given
     * @param stored a description of what the stored legacy row is projected to
     */
    public record Value(String column, String given, String stored) {}
}
