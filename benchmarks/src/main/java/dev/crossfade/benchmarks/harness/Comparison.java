package dev.crossfade.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * One metric of every variant of a contest, round by round.
 *
 * @param subject what was compared
 * @param metric the number's name
 * @param unit the number's unit
 * @param reference the variant that the others are compared with
 * @param samples the numbers of each variant
 */
public record Comparison(String subject, String metric, String unit, String reference, Map<String, Samples> samples) {

    /** Copies the samples, in their order; refuses samples without the reference. */
    public Comparison {
        samples = new LinkedHashMap<>(samples);
        if (!samples.containsKey(reference)) {
            throw new IllegalArgumentException("The reference " + reference + " of " + subject + " has no numbers.");
        }
    }

    /** Returns a row for each variant: its median, and the median of its ratios to the reference. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        samples.forEach((variant, numbers) -> rows.add(
                variant.equals(reference)
                        ? Row.reference(rowName(variant), numbers.median(), unit)
                        : new Row(
                                rowName(variant),
                                numbers.median(),
                                unit,
                                rowName(reference),
                                ratio(variant, reference))));
        return rows;
    }

    /** Returns the median of one variant's ratios to another's. */
    public double ratio(String variant, String to) {
        return of(variant).ratioTo(of(to));
    }

    /** Returns the median of the differences between two variants. */
    public double difference(String variant, String to) {
        return of(variant).differenceTo(of(to));
    }

    private Samples of(String variant) {
        Samples numbers = samples.get(variant);
        if (numbers == null) {
            throw new NoSuchElementException("There is no variant " + variant + " in " + subject + ".");
        }
        return numbers;
    }

    private String rowName(String variant) {
        return subject + "/" + variant + "/" + metric;
    }
}
