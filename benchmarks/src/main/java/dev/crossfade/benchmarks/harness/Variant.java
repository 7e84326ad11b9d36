package dev.crossfade.benchmarks.harness;

/**
 * One of the ways that a contest compares.
 *
 * @param name one or two words for the names of rows
 * @param operation what is timed
 * @param levelling waits until the operations' deferred work is done, so that it burdens no other variant's slot; does
 *     nothing if there is none
 */
public record Variant(String name, Operation operation, Levelling levelling) {

    /** Waits for deferred work. */
    @FunctionalInterface
    public interface Levelling {
        void await() throws Exception;
    }

    /** Creates a variant without deferred work. */
    public Variant(String name, Operation operation) {
        this(name, operation, () -> {});
    }
}
