package dev.crossfade.benchmarks.harness;

import java.util.Map;

/**
 * One JMH benchmark with values for its parameters.
 *
 * @param name its class and method joined by a dot
 * @param parameters a value for each {@code @Param} that has none of its own
 */
public record Microbenchmark(String name, Map<String, String> parameters) {

    /** Copies the parameters. */
    public Microbenchmark {
        parameters = Map.copyOf(parameters);
    }

    /** Names a method of a class. */
    public static Microbenchmark of(Class<?> type, String method, Map<String, String> parameters) {
        return new Microbenchmark(type.getName() + "." + method, parameters);
    }
}
