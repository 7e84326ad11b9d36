package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands in their own processes: signals, exit codes, and nothing on standard error that is not Crossfade's. */
class ProcessIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aWorkerWorksUntilItIsTerminatedAndThenExitsWithZero(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 20);
            site.run("stage", "user", "--to", "dual-write");
            try (Running worker = site.start("worker", "--grace", "0s", "--interval", "50ms")) {
                worker.awaitErr("Working on user, order.");
                site.noteIntents("user", "1", "2", "3");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> site.modern()
                                .dsl()
                                .fetchValue("select count(*) from modern.accounts")
                                .equals(3L));

                assertThat(
                                site.legacy()
                                        .dsl()
                                        .fetchValue(
                                                "select count(*) from pg_stat_activity where application_name = 'crossfade worker' and datname = current_database()"))
                        .isNotEqualTo(0L);
                Ran ended = worker.terminate().finish();
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.out()).isEmpty();
                assertThat(ended.err())
                        .contains("INFO  user: 3 applied")
                        .contains("The worker has ended; nothing is in hand.")
                        .doesNotContain("Hikari");
            }
        }
    }

    @Test
    void aTerminatedBackfillEndsAfterItsBatchAndGoesOnLater() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.insertUsers(1, 5_000);
            site.run("stage", "user", "--to", "dual-write");
            try (Running backfill = site.start("backfill", "user", "--batch-rows", "100", "--rows-per-second", "200")) {
                backfill.awaitErr("of 5,000 rows");
                Ran ended = backfill.terminate().finish();

                assertThat(ended.code()).as(ended.err()).isEqualTo(1);
                assertThat(ended.out()).contains("; not complete");
                assertThat(ended.err()).contains("Give the same command again to go on where it stopped.");
            }
            Ran complete = site.run("backfill", "user", "--output", "json");
            assertThat(complete.code()).isZero();
            assertThat(complete.json().at("/backfills/0/rowsRead").asLong()).isBetween(1L, 4_999L);
            assertThat(site.run("verify", "user").code()).isZero();
        }
    }

    @Test
    void anUnreachableDatabaseIsOneLineOnStandardError() {
        Map<String, String> environment = Map.of("DB_URL", "jdbc:postgresql://localhost:1/shop", "DB_USER", "ops");

        Ran ran = Running.start(folder, environment, "status").finish();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .startsWith("crossfade: The legacy database at localhost:1/shop");
    }

    @Test
    void debugLogsOnStandardError() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.install();
            Ran quiet = site.start("status", "--output", "json").finish();
            Ran loud = site.start("status", "--output", "json", "--debug").finish();

            assertThat(quiet.err()).isEmpty();
            assertThat(quiet.code()).isZero();
            assertThat(loud.err()).contains("DEBUG");
            assertThat(loud.json().at("/entities")).hasSize(2);
        }
    }
}
