package dev.crossfade.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * One line of a report.
 *
 * @param name the measured thing, in words joined by slashes
 * @param value the median across rounds
 * @param unit the value's unit
 * @param reference the name of the row that this one is compared with, null for a reference itself
 * @param ratio the median of the rounds' ratios to the reference, null for a reference itself. It is not the ratio of
 *     the two medians, which may come from different rounds
 */
public record Row(
        String name,
        double value,
        String unit,
        @Nullable String reference,
        @Nullable Double ratio) {

    /** Refuses values that are not numbers. */
    public Row {
        if (!Double.isFinite(value) || (ratio != null && !Double.isFinite(ratio))) {
            throw new IllegalArgumentException(
                    "The row " + name + " has no number: " + value + ", ratio " + ratio + ".");
        }
    }

    /** Creates the row of a reference. */
    public static Row reference(String name, double value, String unit) {
        return new Row(name, value, unit, null, null);
    }
}
