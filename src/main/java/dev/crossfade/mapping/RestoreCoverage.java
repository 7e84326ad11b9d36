package dev.crossfade.mapping;

import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks whether the way back carries what the way forward carries, as far as the words of the expressions tell. */
final class RestoreCoverage {

    private final LiveMapping live;
    private final Set<String> restored = new HashSet<>();
    private final Set<String> kept = new HashSet<>();

    RestoreCoverage(LiveMapping live) {
        this.live = live;
        TableMapping mapping = live.mapping();
        mapping.restore().forEach(one -> restored.add(one.column().name()));
        mapping.legacy().allColumns().forEach(column -> kept.add(column.name()));
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<String> legacyColumns = live.readable(Side.LEGACY);
        Set<String> readBack = readBack();
        Set<String> forgotten = new HashSet<>();
        for (Derived one : live.mapping().project()) {
            String name = one.column().name();
            Set<String> reads = ExpressionText.mentioned(one.expression(), legacyColumns);
            Set<String> lost =
                    reads.stream().filter(column -> !kept.contains(column)).collect(Collectors.toSet());
            if (readBack.contains(name)) {
                forgotten.addAll(lost);
            } else if (!lost.isEmpty()) {
                findings.add(Finding.error(
                        live.path("project", name),
                        "The way back loses the modern column '%s': no restore expression reads it, and the legacy columns that it comes from (%s) are not restored."
                                .formatted(name, String.join(", ", sorted(lost))),
                        "Add them under restore, over '%s'.".formatted(name)));
            } else if (reads.isEmpty()) {
                findings.add(Finding.warning(
                        live.path("project", name),
                        "The modern column '%s' has the same value in every row and no restore expression reads it: what a service writes to it is lost on the way back."
                                .formatted(name),
                        "Leave it out and give it a default, or restore it to a legacy column."));
            }
        }
        for (String column : sorted(forgotten)) {
            findings.add(Finding.warning(
                    live.path("restore"),
                    "The legacy column '%s' is read by project and not restored: a row first written on the modern side gets its default there, and a change is not carried back."
                            .formatted(column),
                    "Add it under restore, unless that is meant."));
        }
        return findings;
    }

    private Set<String> readBack() {
        List<String> modernColumns = live.readable(Side.MODERN);
        return live.mapping().restore().stream()
                .flatMap(one -> ExpressionText.mentioned(one.expression(), modernColumns).stream())
                .collect(Collectors.toSet());
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
