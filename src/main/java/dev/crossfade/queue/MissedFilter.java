package dev.crossfade.queue;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Selects missed writes.
 *
 * @param entity only those of one entity
 * @param key only that of one key, which needs the entity
 * @param error only those of one class: an SQLSTATE, the first characters of some, {@value #WAITS}, {@value
 *         #REFERENCED} or {@value #POISON}
 */
public record MissedFilter(Optional<String> entity, Optional<RecordKey> key, Optional<String> error) {

    /** Every missed write. */
    public static final MissedFilter ALL = new MissedFilter(Optional.empty(), Optional.empty(), Optional.empty());

    /** The class of keys that wait for a row that they refer to. */
    public static final String WAITS = "waits-for-parent";
    /** The class of keys whose mirror row cannot be deleted, because others refer to it. */
    public static final String REFERENCED = "referenced";
    /** The class of keys whose row the mirror refuses. */
    public static final String POISON = "poison";

    private static final Pattern STATE = Pattern.compile("[0-9A-Z]{2,5}");

    /** Refuses a key without its entity, and an unknown class of errors. */
    public MissedFilter {
        if (key.isPresent() && entity.isEmpty()) {
            throw new InvalidInputException("A key needs the entity that it belongs to: name that first.");
        }
        error = error.map(MissedFilter::canonical);
    }

    /** Returns the filter for an entity's missed writes. */
    public static MissedFilter of(String entity) {
        return new MissedFilter(Optional.of(entity), Optional.empty(), Optional.empty());
    }

    /** Returns the filter for one key. */
    public static MissedFilter of(String entity, RecordKey key) {
        return new MissedFilter(Optional.of(entity), Optional.of(key), Optional.empty());
    }

    private static String canonical(String error) {
        String lower = error.toLowerCase(Locale.ROOT);
        String upper = error.toUpperCase(Locale.ROOT);
        if (lower.equals(WAITS) || lower.equals(REFERENCED) || lower.equals(POISON)) {
            return lower;
        }
        if (STATE.matcher(upper).matches()) {
            return upper;
        }
        throw new InvalidInputException(
                "'%s' is no class of errors. Name an SQLSTATE such as 23505, its first two characters or more, %s, %s or %s."
                        .formatted(error, POISON, REFERENCED, WAITS));
    }
}
