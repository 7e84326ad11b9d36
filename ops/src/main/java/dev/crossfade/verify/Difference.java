package dev.crossfade.verify;

import dev.crossfade.model.RecordKey;
import java.util.List;

/** A record that is not the same on both sides. */
public sealed interface Difference {

    /** Returns the record's key. */
    RecordKey key();

    /** The legacy row has no modern row. */
    record Missing(RecordKey key) implements Difference {}

    /** The modern row has no legacy row. */
    record Extra(RecordKey key) implements Difference {}

    /**
     * The modern row differs from the projected legacy row.
     * @param columns the modern columns that differ
     */
    record Different(RecordKey key, List<String> columns) implements Difference {}

    /**
     * A side's row cannot be read or projected, so nobody knows whether the sides are equal.
     *
     * @param reason the server's message, without values of the row
     */
    record Unreadable(RecordKey key, String reason) implements Difference {}

    /** Returns the modern columns that differ, none if a whole row does. */
    default List<String> columns() {
        return List.of();
    }

    /** Returns the word for the kind of difference. */
    default String kind() {
        return switch (this) {
            case Missing missing -> "missing";
            case Extra extra -> "extra";
            case Different different -> "different";
            case Unreadable unreadable -> "unreadable";
        };
    }
}
