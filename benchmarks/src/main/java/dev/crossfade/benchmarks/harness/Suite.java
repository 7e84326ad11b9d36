package dev.crossfade.benchmarks.harness;

/** A set of measurements that are run and reported together. Add yours to {@code Main}. */
public interface Suite {

    /** Returns the name on the command line. */
    String name();

    /** Returns one line that describes the comparison. */
    String description();

    /**
     * Measures, and returns the report.
     *
     * @throws dev.crossfade.model.RefusedException if a server would not measure what it should
     * @throws Exception if something measured fails; a failed operation is never counted as a fast one
     */
    Report run(Context context) throws Exception;
}
