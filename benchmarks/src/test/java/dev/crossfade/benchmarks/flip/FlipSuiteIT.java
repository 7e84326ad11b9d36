package dev.crossfade.benchmarks.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** It flips for half a minute, and tests of suites run one by one, so it is in the long form alone. */
@EnabledIfSystemProperty(
        named = "crossfade.torture.everywhere",
        matches = "true",
        disabledReason = "in the long form alone: -Ptorture")
class FlipSuiteIT {

    /** How long saves take is for a quiet machine to say. */
    @Test
    void movesTheAuthorityThereAndBackUnderSaves() throws Exception {
        Report report = new FlipSuite(List.of(12), Duration.ofMillis(300)).run(new Context(Pace.QUICK, line -> {}));

        assertThat(report.rows())
                .extracting(Row::name)
                .contains(
                        "one-database/12-callers/pool-of-10/quiet/longest-save",
                        "one-database/12-callers/pool-of-12/flip/longest-save",
                        "two-databases/12-callers/pool-of-10/flip/took");
        assertThat(report.goals()).hasSize(4);
    }
}
