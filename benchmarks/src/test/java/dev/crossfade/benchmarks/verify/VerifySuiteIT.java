package dev.crossfade.benchmarks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import org.junit.jupiter.api.Test;

class VerifySuiteIT {

    @Test
    void equalAndSpoiltTablesAreVerifiedBesideTheQueryByHand() throws Exception {
        Report report = new VerifySuite(2_000, 2_000).run(new Context(Pace.QUICK, line -> {}));

        assertThat(report.rows()).hasSize(6).allMatch(row -> row.value() > 0);
        assertThat(report.rows())
                .extracting(Row::name)
                .contains(
                        "one-database/2000-rows/by-hand/seconds",
                        "two-databases/2000-rows/crossfade-100-differences/seconds");
        assertThat(report.goals()).extracting(Goal::required).containsExactly(1.15, 1.3, 1.3, 1.3);
    }
}
