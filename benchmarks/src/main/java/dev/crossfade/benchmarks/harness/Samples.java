package dev.crossfade.benchmarks.harness;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The same number from every round.
 *
 * @param values one for each round, in the order of the rounds
 */
public record Samples(List<Double> values) {

    /** Copies the values; refuses an empty list. */
    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("There is no round to take a number from.");
        }
    }

    /** Returns the median across rounds. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /**
     * Returns the median of the rounds' ratios to a reference. Each ratio is of two numbers from the same round, so
     * whatever slows down all variants for some rounds cancels out.
     */
    public double ratioTo(Samples reference) {
        return paired(reference, (own, other) -> own / other);
    }

    /** Returns the median of the rounds' differences to a reference. */
    public double differenceTo(Samples reference) {
        return paired(reference, (own, other) -> own - other);
    }

    private double paired(Samples reference, DoubleBinaryOperator operation) {
        if (reference.values.size() != values.size()) {
            throw new IllegalArgumentException("Rounds of " + values.size() + " and " + reference.values.size()
                    + " numbers cannot be compared one by one.");
        }
        return new Samples(IntStream.range(0, values.size())
                        .mapToObj(round -> operation.applyAsDouble(values.get(round), reference.values.get(round)))
                        .toList())
                .median();
    }
}
