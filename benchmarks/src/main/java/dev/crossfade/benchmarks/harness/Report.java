package dev.crossfade.benchmarks.harness;

import java.util.List;

/**
 * The report of a suite.
 *
 * @param suite its name
 * @param rows its numbers
 * @param goals the required limits, none if there are none
 */
public record Report(String suite, List<Row> rows, List<Goal> goals) {

    /** Copies the lists. */
    public Report {
        rows = List.copyOf(rows);
        goals = List.copyOf(goals);
    }

    /** Tells whether every goal is met. */
    public boolean goalsMet() {
        return goals.stream().allMatch(Goal::met);
    }
}
