package dev.crossfade.benchmarks.harness;

/**
 * One way of doing what a contest compares.
 *
 * @param name a word or two, as it shall stand in the names of rows
 * @param operation what is timed
 * @param levelling waits until what the operations left to be done later is done, so that it burdens no other variant's
 *     slot; does nothing where nothing is left
 */
public record Variant(String name, Operation operation, Levelling levelling) {

    /** Waits for work that was put off. */
    @FunctionalInterface
    public interface Levelling {
        void await() throws Exception;
    }

    /** Makes a variant that leaves nothing to be done later. */
    public Variant(String name, Operation operation) {
        this(name, operation, () -> {});
    }
}
