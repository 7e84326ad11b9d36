package dev.crossfade.benchmarks.harness;

import dev.crossfade.benchmarks.harness.Trials.Trial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks in turns: JMH itself would finish one benchmark before it begins the next, here each pass runs
 * every benchmark once, in rotated order, and the passes are the rounds. JMH drops its own warm-up iterations.
 */
public final class JmhPasses {

    private final Context context;
    private final Options options;

    /**
     * Runs as many passes as the pace of {@code context} has rounds that count.
     *
     * @param options iterations, their time, and forks for each pass: 1 for a fresh JVM each time, 0 to stay in this one
     */
    public JmhPasses(Context context, Options options) {
        this.context = context;
        this.options = options;
    }

    /**
     * Runs benchmarks that measure the same thing in the same mode and unit.
     *
     * @param subject what is compared
     * @param metric what the score is, for example {@code time}
     * @param benchmarks each variant's benchmark, as class and method joined by a dot; the first one is the reference
     * @throws RunnerException if JMH does not know a benchmark, or one fails
     */
    public Comparison run(String subject, String metric, SequencedMap<String, String> benchmarks) throws Exception {
        Set<String> units = new TreeSet<>();
        SequencedMap<String, Trial> passes = new LinkedHashMap<>();
        benchmarks.forEach((variant, benchmark) -> passes.put(variant, () -> {
            Result<?> result = pass(benchmark);
            units.add(result.getScoreUnit());
            return result.getScore();
        }));
        Map<String, Samples> scores = new Trials(0, context.pace().rounds(), context.progress()).run(subject, passes);
        if (units.size() != 1) {
            throw new IllegalArgumentException(
                    "The benchmarks of " + subject + " need one mode and unit, not " + units + ".");
        }
        String reference = benchmarks.firstEntry().getKey();
        return new Comparison(subject, metric, units.iterator().next(), reference, scores);
    }

    private Result<?> pass(String benchmark) throws RunnerException {
        Options one = new OptionsBuilder()
                .parent(options)
                .include("^" + Pattern.quote(benchmark) + "$")
                .shouldFailOnError(true)
                .build();
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return new Runner(one, silent).runSingle().getPrimaryResult();
    }
}
