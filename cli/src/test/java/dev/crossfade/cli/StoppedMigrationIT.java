package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.Site.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operating system pauses {@code crossfade migrate up} while it holds a table lock. */
class StoppedMigrationIT {

    private static final Duration BOUND = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void aStoppedMigrationHoldsWritersUpForASecondOrTwoAndCanBeRunAgain() throws Exception {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.insertUsers(1, 5);
            site.install();
            site.write("migrations/V1__nick.up.sql", """
                    -- crossfade: side=legacy
                    alter table legacy.users add column nick text;
                    select pg_sleep(0.5)
                    """);
            try (Running migration = site.start("migrate", "up")) {
                await("the lock")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> site.legacy()
                                .dsl()
                                .fetchValue(
                                        "select count(*) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()")
                                .equals(1L));
                signal(migration, "STOP");
                long start = System.nanoTime();

                site.legacy().execute("update legacy.users set first_name = 'Ada'");

                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
                signal(migration, "CONT");
                Ran ran = migration.finish();
                assertThat(ran.code()).isEqualTo(1);
                assertThat(ran.err()).contains("stood still for more than 2 s", "run `crossfade migrate up` again");
            }
            Ran again = site.run("migrate", "up");
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(site.run("migrate", "status").out()).contains("applied");
        }
    }

    private static void signal(Running running, String signal) throws IOException, InterruptedException {
        String pid = Long.toString(running.process().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                .isZero();
    }
}
