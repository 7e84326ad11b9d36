package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/**
 * The effect of a migration on its callers and on the rows.
 *
 * @param seen what callers saw, by the names of {@link MigrationRun}
 * @param there the steps up to the end of the switch
 * @param back the steps of the way back
 * @param afterSwitch the modern table's deviations from what callers were told, some time after the switch
 * @param afterWayBack the legacy table's deviations, some time after the way back
 * @param apart how many rows differed between the sides while writes went to both
 */
record Outcome(
        SequencedMap<String, Seen> seen,
        List<Window> there,
        List<Window> back,
        Deviations afterSwitch,
        Deviations afterWayBack,
        Map<String, Integer> apart) {

    private static final double HUNDRED = 100;
    private static final double LONGEST_STALL_MILLIS = 50;
    private static final double LARGEST_IMPACT_PERCENT = 5;
    private static final double LONGEST_WAY_BACK_MILLIS = 2_000;

    private static final Figure P50 = new Figure("p50", "µs", slice -> slice.micros(50));
    private static final Figure P99 = new Figure("p99", "µs", slice -> slice.micros(99));
    private static final Figure LONGEST = new Figure("longest", "ms", Seen::longestMillis);
    private static final Figure THROUGHPUT = new Figure("throughput", "operations/s", Seen::answeredPerSecond);
    private static final List<Figure> OF_A_SLICE = List.of(P50, P99, LONGEST, THROUGHPUT);
    /** The figures of a step. Some steps are too short for answers per second to mean anything. */
    private static final List<Figure> OF_A_STEP = List.of(P50, P99, LONGEST);

    /** A figure of a slice. */
    private record Figure(String label, String unit, ToDoubleFunction<Seen> value) {

        double of(Seen slice) {
            return value.applyAsDouble(slice);
        }
    }

    /** Returns the rows of a report, their names beginning with {@code subject}. */
    List<Row> rows(String subject) {
        List<Row> rows = new ArrayList<>();
        String first = seen.containsKey(MigrationRun.PLAIN) ? MigrationRun.PLAIN : MigrationRun.QUIET;
        seen.forEach((name, slice) -> {
            if (!slice.isEmpty() && !name.equals(MigrationRun.THERE)) {
                boolean isQuiet = name.equals(first) || name.equals(MigrationRun.QUIET);
                addSlice(subject, name, isQuiet ? first : MigrationRun.QUIET, rows);
            }
        });
        rows.add(Row.reference(subject + "impact/p50", impact(P50), "%"));
        rows.add(Row.reference(subject + "impact/p99", impact(P99), "%"));
        rows.add(Row.reference(subject + "impact/throughput", -impact(THROUGHPUT), "%"));
        rows.add(Row.reference(subject + "migration/took", millis(there), "ms"));
        addTrouble(subject + "migration/", seen(MigrationRun.THERE), rows);
        addDeviations(subject + "after/", afterSwitch, rows);
        rows.add(Row.reference(subject + "way-back/took", millis(back), "ms"));
        rows.add(Row.reference(subject + "way-back/steps", back.size(), "steps"));
        addTrouble(subject + "way-back/", seen(MigrationRun.WAY_BACK), rows);
        addDeviations(subject + "way-back/", afterWayBack, rows);
        apart.forEach((when, keys) -> rows.add(Row.reference(subject + "sides-differ/" + when, keys, "rows")));
        return rows;
    }

    /** Returns the goals for Crossfade. */
    List<Goal> goals(String subject) {
        Seen migration = seen(MigrationRun.THERE);
        Seen wayBack = seen(MigrationRun.WAY_BACK);
        return List.of(
                Goal.atMost(subject + "failed operations", 0, migration.failed() + wayBack.failed()),
                Goal.atMost(
                        subject + "longest stall, ms",
                        LONGEST_STALL_MILLIS,
                        Math.max(migration.longestMillis(), wayBack.longestMillis())),
                Goal.atMost(subject + "impact on p50, %", LARGEST_IMPACT_PERCENT, impact(P50)),
                Goal.atMost(subject + "impact on p99, %", LARGEST_IMPACT_PERCENT, impact(P99)),
                Goal.atMost(subject + "impact on throughput, %", LARGEST_IMPACT_PERCENT, -impact(THROUGHPUT)),
                Goal.atMost(subject + "way back, ms", LONGEST_WAY_BACK_MILLIS, millis(back)),
                Goal.atMost(subject + "rows lost or different", 0, afterSwitch.total() + afterWayBack.total()),
                Goal.atMost(
                        subject + "rows that differ between the sides",
                        0,
                        apart.values().stream().mapToInt(Integer::intValue).sum()));
    }

    private void addSlice(String subject, String name, String reference, List<Row> rows) {
        boolean isStep = name.startsWith(MigrationRun.STEP);
        for (Figure figure : isStep ? OF_A_STEP : OF_A_SLICE) {
            double value = figure.of(seen(name));
            double other = figure.of(seen(reference));
            String row = subject + name + "/" + figure.label();
            rows.add(
                    name.equals(reference) || other == 0
                            ? Row.reference(row, value, figure.unit())
                            : new Row(
                                    row,
                                    value,
                                    figure.unit(),
                                    subject + reference + "/" + figure.label(),
                                    value / other));
        }
    }

    private static void addTrouble(String subject, Seen seen, List<Row> rows) {
        rows.add(Row.reference(subject + "downtime", seen.downNanos() / 1e6, "ms"));
        rows.add(Row.reference(subject + "longest-stall", seen.longestMillis(), "ms"));
        rows.add(Row.reference(subject + "failed", seen.failed(), "operations"));
    }

    private static void addDeviations(String subject, Deviations deviations, List<Row> rows) {
        rows.add(Row.reference(subject + "lost", deviations.lost(), "rows"));
        rows.add(Row.reference(subject + "different", deviations.different(), "rows"));
        rows.add(Row.reference(subject + "reappeared", deviations.reappeared(), "rows"));
    }

    /** Returns by how many per cent a figure of the migration is above the quiet slice's. */
    private double impact(Figure figure) {
        double quiet = figure.of(seen(MigrationRun.QUIET));
        if (quiet == 0) {
            throw new IllegalStateException("No operation was answered in the quiet slice. Make it longer.");
        }
        return HUNDRED * (figure.of(seen(MigrationRun.MIGRATION)) / quiet - 1);
    }

    private Seen seen(String name) {
        return Objects.requireNonNull(seen.get(name));
    }

    private static double millis(List<Window> steps) {
        return steps.stream().mapToDouble(Window::millis).sum();
    }
}
