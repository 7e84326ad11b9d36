package dev.crossfade.benchmarks.routing;

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

class RoutingSuiteIT {

    private static final Pace TINY = new Pace(0, 1, Duration.ofMillis(1));

    @Test
    void everyStageIsComparedWithTheCallItselfAndWithTheSameStageOfLaunchDarkly() throws Exception {
        Report report = new RoutingSuite(0).run(new Context(TINY, line -> {}));

        assertThat(report.suite()).isEqualTo("routing");
        Map<String, Row> rows = report.rows().stream().collect(Collectors.toMap(Row::name, Function.identity()));
        List<String> goals = report.goals().stream().map(Goal::name).toList();
        for (Stage stage : Stage.values()) {
            for (String variant : List.of("find/", "read/", "launchdarkly/")) {
                String name = "read/" + variant + stage.label();
                assertThat(Objects.requireNonNull(rows.get(name + "/time")).ratio())
                        .isPositive();
                assertThat(rows).containsKeys(name + "/time-over-direct", name + "/allocation-over-direct");
            }
            assertThat(goals)
                    .contains(
                            "find/" + stage.label() + ", ns over the call itself, at most",
                            "time of launchdarkly/" + stage.label() + " to find/" + stage.label() + ", at least");
        }
        assertThat(rows).containsKey("read/scientist4j/shadow-read/time");
        for (Stage stage : Stage.values()) {
            String peer = "write/launchdarkly/" + stage.label();
            assertThat(rows)
                    .containsKeys(
                            "write/save/" + stage.label() + "/time-over-direct",
                            "write/save/" + stage.label() + "/allocation-over-direct",
                            peer + "/time-over-direct",
                            peer + "/allocation-over-direct");
            assertThat(Objects.requireNonNull(rows.get(peer + "/time-to-save")).reference())
                    .isEqualTo("write/save/" + stage.label() + "/time");
        }
    }
}
