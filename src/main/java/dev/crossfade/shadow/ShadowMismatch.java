package dev.crossfade.shadow;

import java.util.List;

/**
 * A difference that a shadow read found.
 *
 * @param entity the entity
 * @param pairing the compared sides
 * @param read the kind of read: {@code find}, {@code find-all}, {@code page}, {@code finder} or {@code read}
 * @param key the record's key; empty if a whole result differs
 * @param fields the fields that differ, redacted
 */
public record ShadowMismatch(
        String entity, Pairing pairing, String read, List<String> key, List<FieldDifference> fields) {

    /** Copies the lists. */
    public ShadowMismatch {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
    }
}
