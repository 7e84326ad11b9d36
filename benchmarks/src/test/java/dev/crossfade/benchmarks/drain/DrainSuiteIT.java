package dev.crossfade.benchmarks.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import org.junit.jupiter.api.Test;

class DrainSuiteIT {

    @Test
    void backlogsAreWorkedOffToTheLastKeyBesideTheLimitAndThePeer() throws Exception {
        Report report = new DrainSuite(3_000, 3_000, 300).run(new Context(Pace.QUICK, line -> {}));

        assertThat(report.rows()).hasSize(8).allMatch(row -> row.value() > 0);
        assertThat(report.rows())
                .extracting(Row::name)
                .contains(
                        "one-database/3000-keys/transaction-outbox/keys-per-second",
                        "two-databases/3000-keys/crossfade-one-percent-poisoned/keys-per-second",
                        "one-database/300-keys/crossfade/live-heap");
        assertThat(report.goals()).extracting(Goal::required).containsExactly(0.5, 10.0, 0.8, 0.8, 1.25);
    }
}
