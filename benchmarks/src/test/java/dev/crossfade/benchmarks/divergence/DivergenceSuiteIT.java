package dev.crossfade.benchmarks.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Sides;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Server;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DivergenceSuiteIT {

    private static final Pace TINY = new Pace(0, 1, Duration.ofMillis(1));

    @Test
    void nothingDivergesInEitherTopologyAndThePeersCountStandsBeside() throws Exception {
        Report report = new DivergenceSuite(200, 400).run(new Context(TINY, line -> {}));

        assertThat(report.rows())
                .extracting(Row::name)
                .contains(
                        "one-database/two-writers-at-200-keys/launchdarkly/diverged",
                        "two-databases/two-writers-at-200-keys/launchdarkly/diverged");
        assertThat(report.goals())
                .extracting(Goal::name, Goal::met)
                .containsExactly(
                        tuple("one-database/two-writers-at-200-keys/crossfade/diverged, at most", true),
                        tuple("one-database/400-writes/crossfade/diverged, at most", true),
                        tuple("two-databases/two-writers-at-200-keys/crossfade/diverged, at most", true),
                        tuple("two-databases/400-writes/crossfade/diverged, at most", true));
    }

    @Test
    void aKeyThatIsMissingExtraOrDifferentIsCountedOnce() throws Exception {
        AccountTables tables = new AccountTables("counted");
        try (Server server = Server.start(2)) {
            server.execute(tables.legacySql(10));
            server.execute(tables.modernSql(10));
            Sides sides = new Sides(server.dataSource(), server.dataSource());
            assertThat(sides.diverged(tables)).isZero();

            server.execute("""
                    delete from modern.accounts_counted where account_id = 1;
                    delete from legacy.users_counted where id = 2;
                    update legacy.users_counted set email = 'changed@example.org' where id = 3;
                    """);

            assertThat(sides.diverged(tables)).isEqualTo(3);
        }
    }
}
