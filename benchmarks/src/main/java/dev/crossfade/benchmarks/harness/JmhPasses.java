package dev.crossfade.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Runs JMH benchmarks as a contest: JMH itself would finish one benchmark before it begins the next, here each pass runs
 * every benchmark once, in rotated order, and the passes are the rounds. JMH drops its own warm-up iterations.
 */
public final class JmhPasses {

    private final Context context;
    private final Options options;

    /**
     * Runs as many passes as the pace of {@code context} has rounds.
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
    public Comparison run(String subject, String metric, LinkedHashMap<String, String> benchmarks)
            throws RunnerException {
        Map<String, List<Double>> scores = new LinkedHashMap<>();
        List<String> units = new ArrayList<>();
        benchmarks.keySet().forEach(variant -> scores.put(variant, new ArrayList<>()));
        for (int pass = 0; pass < context.pace().rounds(); pass++) {
            context.progress()
                    .accept("%s, pass %d of %d …"
                            .formatted(subject, pass + 1, context.pace().rounds()));
            for (Map.Entry<String, String> variant : Rotation.of(List.copyOf(benchmarks.entrySet()), pass)) {
                Result<?> result = pass(variant.getValue());
                scores.computeIfAbsent(variant.getKey(), name -> new ArrayList<>())
                        .add(result.getScore());
                units.add(result.getScoreUnit());
            }
        }
        if (units.stream().distinct().count() != 1) {
            throw new IllegalArgumentException("The benchmarks of " + subject + " need one mode and unit, not "
                    + units.stream().distinct().toList() + ".");
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        scores.forEach((variant, values) -> samples.put(variant, new Samples(values)));
        return new Comparison(
                subject, metric, units.getFirst(), benchmarks.firstEntry().getKey(), samples);
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
