package dev.crossfade.benchmarks.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrategiesSuiteIT {

    private static final String SUBJECT = "one-database/2000-rows/";

    /**
     * How long callers wait is for a quiet machine to say; that no row is lost with Crossfade holds on every machine.
     */
    @Test
    void migratesThereAndBackThreeWaysUnderLoad() throws Exception {
        Course course =
                new Course(2_000, Duration.ofMillis(500), Duration.ofMillis(200), 10_000, Duration.ofMillis(200));
        Course rehearsal =
                new Course(500, Duration.ofMillis(200), Duration.ofMillis(50), 10_000, Duration.ofMillis(50));

        Report report = new StrategiesSuite(course, course, rehearsal, 0.1).run(new Context(Pace.QUICK, line -> {}));

        assertThat(report.rows()).extracting(Row::name).contains(SUBJECT + "crossfade/capacity", SUBJECT + "load");
        for (Approach approach : Approach.values()) {
            assertThat(report.rows())
                    .extracting(Row::name)
                    .contains(named(
                            approach,
                            "quiet/p99",
                            "migration/p50",
                            "impact/throughput",
                            "migration/downtime",
                            "migration/longest-stall",
                            "after/lost",
                            "way-back/took",
                            "way-back/steps",
                            "way-back/different"));
        }
        assertThat(report.rows())
                .extracting(Row::name)
                .contains(named(Approach.NAIVE_DUAL_WRITE, "counts-were-equal", "sides-differ/before-the-switch"))
                .contains(named(Approach.CROSSFADE, "plain/p50", "step/backfill/p99", "sides-differ/at-the-end"));
        assertThat(value(report, Approach.BIG_BANG, "after/lost")).isZero();
        assertThat(value(report, Approach.BIG_BANG, "way-back/lost")).isZero();
        assertThat(value(report, Approach.NAIVE_DUAL_WRITE, "way-back/lost")
                        + value(report, Approach.NAIVE_DUAL_WRITE, "way-back/different"))
                .as("what was written after the switch is not on the legacy side")
                .isPositive();
        assertThat(report.goals())
                .filteredOn(goal -> goal.required() == 0)
                .hasSize(3)
                .allSatisfy(goal -> assertThat(goal).extracting(Goal::met).isEqualTo(true));
    }

    private static String[] named(Approach approach, String... names) {
        return List.of(names).stream()
                .map(name -> SUBJECT + approach.label() + "/" + name)
                .toArray(String[]::new);
    }

    private static double value(Report report, Approach approach, String name) {
        return report.rows().stream()
                .filter(row -> row.name().equals(named(approach, name)[0]))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
