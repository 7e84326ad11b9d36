package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.testing.Pooler;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands through a pooler in transaction mode: they name it, and refuse what cannot be done through it. */
class BehindPoolerIT {

    private static final int REFUSED = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Topology.class)
    void thePoolerIsNamedAndWhatNeedsASessionIsRefused(Topology topology) {
        assumeThat(Pooler.installed())
                .describedAs("PgBouncer is not installed: commands behind a pooler are not tested")
                .isPresent();
        try (Site site = Site.create(folder, topology);
                Pooler pooler = Pooler.inFrontOf(site.legacy(), 8)) {
            site.insertUsers(1, 50);
            site.write("migrations/V1__a.up.sql", "create table legacy.a (id int);");
            site.write("migrations/V1__a.down.sql", "drop table legacy.a;");
            String direct = site.legacy().url();
            site.with("DB_URL", pooler.url(site.legacy()));
            succeeds(site, "stage", "user", "order", "--to", "dual-write");
            for (List<String> command : List.of(List.of("backfill", "user"), List.of("migrate", "up"))) {
                Ran refused = site.run(command.toArray(String[]::new));
                assertThat(refused.code()).describedAs(refused.err()).isEqualTo(REFUSED);
                assertThat(refused.err()).contains("pooler in transaction mode", "session mode");
            }
            site.with("DB_URL", direct);
            Ran ran = site.run("backfill", "user");
            assertThat(ran.code()).isZero();
            assertThat(ran.err()).doesNotContain("pooler");

            site.with("DB_URL", pooler.url(site.legacy()));
            succeeds(site, "verify", "user");
            succeeds(site, "capture", "install", "user");
            site.legacy().execute("update legacy.users set first_name = 'New'");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "user");
            succeeds(site, "status");
            succeeds(site, "queue", "list");
        }
    }

    private static void succeeds(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isZero();
        assertThat(ran.err())
                .contains("reached through a pooler in transaction mode", "PgBouncer", "prepareThreshold=0");
    }
}
