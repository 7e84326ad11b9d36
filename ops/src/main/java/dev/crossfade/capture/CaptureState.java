package dev.crossfade.capture;

import java.util.Optional;

/**
 * The capture installed for one side of an entity.
 *
 * @param side {@code legacy}, {@code modern}, or {@code both} for columns in place
 * @param table the table, empty if it is gone
 * @param triggers how many of its triggers exist and are enabled
 * @param current whether they note keys as the present mapping requires; true where there is no mapping to compare
 *     with
 */
public record CaptureState(String entity, String side, Optional<String> table, int triggers, boolean current) {

    /** Tells whether every write is captured. */
    public boolean isWhole() {
        return table.isPresent() && triggers == CaptureSql.triggers() && current;
    }
}
