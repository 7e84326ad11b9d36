package dev.crossfade.benchmarks.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DualWriteSuiteIT {

    private static final Pace TINY = new Pace(0, 1, Duration.ofMillis(5));

    @Test
    void savesOnBothSidesAreComparedWithThoseWrittenByHand() throws Exception {
        Report report = new DualWriteSuite().run(new Context(TINY, line -> {}));

        assertThat(report.rows()).hasSize((4 + 3) * 3 * 4).allMatch(row -> row.value() > 0);
        assertThat(report.rows())
                .extracting(Row::name)
                .contains(
                        "one-database/32-writers/save/one-statement/throughput",
                        "two-databases/8-writers/save/crossfade/level-throughput");
        assertThat(report.goals()).extracting(Goal::name).hasSize(9).doesNotHaveDuplicates();
    }
}
