package dev.crossfade.shadow;

/**
 * A field in which two answers differ, its values redacted: type, length and a salted hash, for example
 * {@code String(15)#3fa9c1d2}.
 *
 * @param field the column of the modern shape; {@link #RECORD}, {@link #ORDER} or {@link #RESULT} where it is none
 * @param legacy the legacy side's value
 * @param modern the other value
 */
public record FieldDifference(String field, String legacy, String modern) {

    /** Stands for a record that one of the answers lacks. */
    public static final String RECORD = "(record)";

    /** Stands for the order of the records in a page. */
    public static final String ORDER = "(order)";

    /** Stands for the whole result of a service's own read. */
    public static final String RESULT = "(result)";
}
