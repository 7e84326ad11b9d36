package dev.crossfade.benchmarks.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.routing.RoutingSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IsolationSuiteIT {

    private static final Pace TINY = new Pace(0, 1, Duration.ofMillis(5));

    @Test
    void theTroubleIsRealAndCrossfadesCallersGetAnAnswer() throws Exception {
        Report report = new IsolationSuite(Set.of(Topology.ONE_DATABASE), Set.of(Trouble.HUNG, Trouble.ERROR))
                .run(new Context(TINY, line -> {}));

        Map<String, Double> rows = report.rows().stream().collect(Collectors.toMap(Row::name, Row::value));
        String hung = "one-database/hung/";
        assertThat(rows.get(hung + "crossfade/before/max"))
                .isGreaterThanOrEqualTo(RoutingSettings.DEFAULTS.mirrorBudget().toMillis() / 2.0);
        assertThat(rows.get(hung + "launchdarkly/max")).isGreaterThanOrEqualTo(2.0 * Trouble.SLOW_MILLIS);
        String error = "one-database/error/";
        assertThat(rows.get(error + "launchdarkly/failed")).isEqualTo(rows.get(error + "launchdarkly/calls"));
        for (String trouble : Set.of(hung, error)) {
            for (String variant : Set.of("legacy-only", "crossfade/before", "crossfade/open")) {
                assertThat(rows.get(trouble + variant + "/p99")).isPositive();
                assertThat(rows.get(trouble + variant + "/calls")).isPositive();
                assertThat(rows.get(trouble + variant + "/failed")).isZero();
            }
        }
        assertThat(report.goals())
                .extracting(Goal::name)
                .contains("one-database/hung/crossfade/open/p99 to legacy-only, at most");
    }
}
