package dev.crossfade.benchmarks.harness;

import dev.crossfade.benchmarks.harness.Trials.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks in turns. JMH itself would finish one benchmark before it begins the next. Here each pass runs
 * every benchmark once, in rotated order, and the passes are the rounds. JMH drops its own warm-up iterations.
 */
public final class JmhPasses {

    private final Context context;
    private final Options options;

    /**
     * Creates a runner of as many passes as the pace of {@code context} has counted rounds.
     *
     * @param options iterations, their time, and forks for each pass: 1 for a fresh JVM each time, 0 to stay in this
     *     one
     */
    public JmhPasses(Context context, Options options) {
        this.context = context;
        this.options = options;
    }

    /**
     * Runs benchmarks that measure the same thing in the same mode and unit.
     *
     * @param subject what is compared
     * @param benchmarks each variant's benchmark; the first one is the reference
     * @param scores the scores to read from each pass
     * @return a comparison for each of {@code scores}, in their order
     * @throws RunnerException if JMH does not know a benchmark, or one fails
     */
    public List<Comparison> run(String subject, SequencedMap<String, Microbenchmark> benchmarks, List<Score> scores)
            throws Exception {
        SequencedMap<String, Trial> passes = new LinkedHashMap<>();
        Map<String, List<RunResult>> results = new LinkedHashMap<>();
        benchmarks.forEach((variant, benchmark) -> {
            List<RunResult> own = new ArrayList<>();
            results.put(variant, own);
            passes.put(variant, () -> {
                RunResult result = pass(benchmark);
                own.add(result);
                return result.getPrimaryResult().getScore();
            });
        });
        new Trials(0, context.pace().rounds(), context.progress()).run(subject, passes);
        String reference = benchmarks.firstEntry().getKey();
        return scores.stream()
                .map(score -> new Comparison(
                        subject, score.metric(), unit(subject, score, results), reference, samples(score, results)))
                .toList();
    }

    private static Map<String, Samples> samples(Score score, Map<String, List<RunResult>> results) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        results.forEach((variant, passes) -> samples.put(
                variant,
                new Samples(passes.stream()
                        .map(pass -> score.of().apply(pass).getScore())
                        .toList())));
        return samples;
    }

    private static String unit(String subject, Score score, Map<String, List<RunResult>> results) {
        Set<String> units = results.values().stream()
                .flatMap(List::stream)
                .map(pass -> score.of().apply(pass).getScoreUnit())
                .collect(Collectors.toCollection(TreeSet::new));
        if (units.size() != 1) {
            throw new IllegalArgumentException(
                    "The benchmarks of " + subject + " need one mode and unit, not " + units + ".");
        }
        return units.iterator().next();
    }

    private RunResult pass(Microbenchmark benchmark) throws RunnerException {
        ChainedOptionsBuilder one = new OptionsBuilder()
                .parent(options)
                .include("^" + Pattern.quote(benchmark.name()) + "$")
                .shouldFailOnError(true);
        benchmark.parameters().forEach(one::param);
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return new Runner(one.build(), silent).runSingle();
    }
}
