package dev.crossfade.benchmarks;

import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** The two formats of a report. */
enum Format {
    /** Columns for people. */
    TABLE {
        @Override
        String render(Report report) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("name", "median", "unit", "ratio", "to"));
            report.rows().forEach(row -> rows.add(cells(row)));
            String table = columns(rows);
            if (report.goals().isEmpty()) {
                return table;
            }
            List<List<String>> goals = new ArrayList<>();
            goals.add(List.of("goal", "required", "seen", "met"));
            report.goals().forEach(goal -> goals.add(cells(goal)));
            return table + System.lineSeparator() + System.lineSeparator() + columns(goals);
        }
    },
    /** One object for programs. */
    JSON {
        @Override
        String render(Report report) {
            return JsonMapper.builder()
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .build()
                    .writeValueAsString(report);
        }
    };

    /** Returns a report as text, without a line break at its end. */
    abstract String render(Report report);

    private static List<String> cells(Row row) {
        Double ratio = row.ratio();
        String reference = row.reference();
        return List.of(
                row.name(),
                number(row.value()),
                row.unit(),
                ratio == null ? "" : number(ratio),
                reference == null ? "(reference)" : reference);
    }

    private static List<String> cells(Goal goal) {
        return List.of(goal.name(), number(goal.required()), number(goal.seen()), goal.met() ? "yes" : "NO");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
    }

    /**
     * Pads every column but the last. Numbers are not right-aligned, because the names of rows differ more in length
     * than they do.
     */
    private static String columns(List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        List<Integer> widths = IntStream.range(0, last)
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        return rows.stream()
                .map(row -> IntStream.range(0, last)
                                .mapToObj(column -> row.get(column)
                                        + " "
                                                .repeat(widths.get(column)
                                                        - row.get(column).length()))
                                .collect(Collectors.joining("  "))
                        + "  " + row.get(last))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
