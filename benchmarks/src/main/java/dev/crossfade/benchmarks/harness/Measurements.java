package dev.crossfade.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The measurements of a contest.
 *
 * @param contest the contest
 * @param byVariant each variant's measurements, in the order of the rounds
 */
public record Measurements(Contest contest, Map<String, List<Measurement>> byVariant) {

    /** Returns one metric of all of them. */
    public Comparison by(Metric metric) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        byVariant.forEach((variant, measured) -> samples.put(
                variant,
                new Samples(measured.stream()
                        .map(one -> metric.of().applyAsDouble(one))
                        .toList())));
        return new Comparison(contest.subject(), metric.name(), metric.unit(), contest.reference(), samples);
    }
}
