package dev.crossfade.benchmarks.harness;

import java.util.List;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param rows its numbers
 * @param goals what is required of them; none if nothing is
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
