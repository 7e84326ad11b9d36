package dev.crossfade.benchmarks.isolation;

import dev.crossfade.benchmarks.harness.Callers.Seen;
import dev.crossfade.benchmarks.harness.Comparison;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The calls of each variant in each round of one kind of trouble. */
final class Series {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final String UNIT = "ms";

    private final String subject;
    private final String reference;
    private final SequencedMap<String, List<Seen>> rounds = new LinkedHashMap<>();

    Series(String subject, String reference) {
        this.subject = subject;
        this.reference = reference;
    }

    void add(String variant, Seen seen) {
        rounds.computeIfAbsent(variant, name -> new ArrayList<>()).add(seen);
    }

    /** Returns the latency that a share of the calls did not exceed, round by round. */
    Comparison percentile(String metric, double percentile) {
        return comparison(metric, histogram -> histogram.getValueAtPercentile(percentile));
    }

    /** Returns the longest call of a variant in all rounds, in milliseconds. */
    double longest(String variant) {
        return of(variant).stream()
                .mapToDouble(seen -> seen.latencies().getMaxValue() / NANOS_PER_MILLI)
                .max()
                .orElseThrow();
    }

    /** Returns how many calls of a variant failed in all rounds. */
    long failed(String variant) {
        return of(variant).stream().mapToLong(Seen::failed).sum();
    }

    /** Returns three points of the distribution, with the number of calls and of failures. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.addAll(percentile("p50", 50).rows());
        rows.addAll(percentile("p99", 99).rows());
        rows.addAll(comparison("max", Histogram::getMaxValue).rows());
        rounds.forEach((variant, seen) -> {
            String name = subject + "/" + variant;
            long calls = seen.stream()
                    .mapToLong(one -> one.latencies().getTotalCount())
                    .sum();
            rows.add(Row.reference(name + "/calls", calls, "calls"));
            rows.add(Row.reference(name + "/failed", failed(variant), "calls"));
        });
        return rows;
    }

    private Comparison comparison(String metric, ToLongFunction<Histogram> value) {
        Map<String, Samples> samples = rounds.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new Samples(entry.getValue().stream()
                                .map(seen -> value.applyAsLong(seen.latencies()) / NANOS_PER_MILLI)
                                .toList()),
                        (one, other) -> one,
                        LinkedHashMap::new));
        return new Comparison(subject, metric, UNIT, reference, samples);
    }

    private List<Seen> of(String variant) {
        return Objects.requireNonNull(rounds.get(variant), variant);
    }
}
