package dev.crossfade.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Runs long work in turns, such as a backfill or a drain, which the suite itself prepares and times. {@link Rounds} is
 * for short calls.
 */
public final class Trials {

    private final int warmUpRounds;
    private final int rounds;
    private final Consumer<String> progress;

    /**
     * Creates trials.
     *
     * @param warmUpRounds rounds that are run first and dropped
     * @param rounds rounds that count, at least 1
     * @param progress receives one line for each round
     */
    public Trials(int warmUpRounds, int rounds, Consumer<String> progress) {
        this.warmUpRounds = warmUpRounds;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** One whole run. */
    @FunctionalInterface
    public interface Trial {

        /** Prepares, runs and returns the number that was measured. */
        double run() throws Exception;
    }

    /**
     * Runs each variant once a round, in rotated order.
     *
     * @return the numbers of each variant, in the order of {@code variants}
     */
    public Map<String, Samples> run(String subject, SequencedMap<String, Trial> variants) throws Exception {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        variants.keySet().forEach(variant -> values.put(variant, new ArrayList<>()));
        for (int round = 0; round < warmUpRounds + rounds; round++) {
            progress.accept("%s, round %d of %d …".formatted(subject, round + 1, warmUpRounds + rounds));
            for (Map.Entry<String, Trial> variant : Rotation.of(List.copyOf(variants.entrySet()), round)) {
                double value = variant.getValue().run();
                if (round >= warmUpRounds) {
                    values.computeIfAbsent(variant.getKey(), name -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((variant, numbers) -> samples.put(variant, new Samples(numbers)));
        return samples;
    }
}
