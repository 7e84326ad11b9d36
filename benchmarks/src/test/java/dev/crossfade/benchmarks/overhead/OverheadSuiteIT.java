package dev.crossfade.benchmarks.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OverheadSuiteIT {

    private static final Pace TINY = new Pace(0, 1, Duration.ofMillis(5));

    @Test
    void everyStageOfBothTopologiesIsComparedWithTheSameCallOnTheLegacyRepository() throws Exception {
        Report report = new OverheadSuite().run(new Context(TINY, line -> {}));

        assertThat(report.suite()).isEqualTo("overhead");
        assertThat(report.goals())
                .extracting(Goal::name)
                .containsExactly(
                        "one-database/1-caller/find/legacy-only/latency to direct, at most",
                        "two-databases/1-caller/find/legacy-only/latency to direct, at most");
        Map<String, Row> rows = report.rows().stream().collect(Collectors.toMap(Row::name, Function.identity()));
        for (String topology : List.of("one-database", "two-databases")) {
            for (String callers : List.of("1-caller", "8-callers")) {
                for (String operation : List.of("save", "find")) {
                    for (String metric : List.of("latency", "throughput")) {
                        String subject = topology + "/" + callers + "/" + operation + "/";
                        assertThat(rows).containsKey(subject + "direct/" + metric);
                        for (Stage stage : Stage.values()) {
                            Row row = Objects.requireNonNull(rows.get(subject + stage.label() + "/" + metric));
                            assertThat(row.reference()).isEqualTo(subject + "direct/" + metric);
                            assertThat(row.value()).isPositive();
                            assertThat(row.ratio()).isPositive();
                        }
                    }
                }
            }
        }
    }
}
