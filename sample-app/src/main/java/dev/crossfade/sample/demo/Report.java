package dev.crossfade.sample.demo;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of a run. Its components are the members of the JSON report.
 *
 * @param operations how many operations the writers did
 * @param failedOperations how many of them threw, plus reads that did not see the writer's own write
 * @param readYourWritesViolations how many of these were such stale reads
 * @param differences how many records differ between the sides, or from what the answers imply
 * @param longestStallMillis the longest time that one operation took
 * @param backfilledRows rows that the backfill copied
 * @param reconciledKeys keys brought up to date after their write
 * @param missedMirrorWrites mirror writes that failed within their operation and left an intent
 * @param restlessKeys keys that the verifications found written too often to be compared
 * @param stages the stages in the order in which they were entered
 * @param failures number and example of each kind of failed operation
 * @param differenceExamples the first differences
 * @param problem why the run did not complete, null if it did
 */
record Report(
        long seed,
        int rows,
        int writers,
        String topology,
        boolean outage,
        long operations,
        long failedOperations,
        long readYourWritesViolations,
        long differences,
        long longestStallMillis,
        long backfilledRows,
        long reconciledKeys,
        long missedMirrorWrites,
        long durationMillis,
        long operationsPerSecond,
        List<StageVisit> stages,
        Map<String, Failure> failures,
        List<String> differenceExamples,
        @Nullable String problem) {

    /**
     * Time spent in a stage.
     *
     * @param stage the stage's label
     * @param enteredAtMillis when it was entered, since the start of the run
     * @param operations operations that ended in it
     */
    record StageVisit(String stage, long enteredAtMillis, long operations) {}

    /** How often something failed, and the first time. */
    record Failure(long count, String example) {}

    /** Tells whether the run completed with nothing failed and nothing lost. */
    boolean isClean() {
        return problem == null && failedOperations == 0 && differences == 0;
    }
}
