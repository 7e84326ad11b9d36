package dev.crossfade.model;

import java.util.List;

/**
 * The key of one record, as the canonical text of each key column in the order in which the mapping declares them.
 *
 * <p>Canonical means that equal keys have equal text whatever the session that printed them: numbers without trailing
 * zeros, instants in UTC with microseconds. Text keeps keys of every PostgreSQL type comparable, storable and
 * printable; statements cast it back to the column's type.
 *
 * @param values one non-null text for each key column
 */
public record RecordKey(List<String> values) {

    /** Copies the values; refuses an empty key. */
    public RecordKey {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A record key needs at least one column.");
        }
    }

    /** Returns the key with the given column texts. */
    public static RecordKey of(String... values) {
        return new RecordKey(List.of(values));
    }

    /**
     * Returns the column texts separated by commas, for messages, with characters escaped that would harm a terminal
     * or a log.
     */
    @Override
    public String toString() {
        return PrintableText.of(String.join(",", values));
    }
}
