package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers for which the modern column's type has no value: {@code NaN} and the infinities. The server reports the one
 * as a number out of range, and the other as an unsupported feature.
 */
class UnconvertibleNumbersIT {

    private static final String MAPPING = """
            entities:
              reading:
                legacy: legacy.reading
                modern: modern.reading
                key: [id]
                project: { amount: amount, level: level }
                restore: { amount: amount, level: level }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void eachConcernsItsKeyAlone(Site.Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.legacy()
                    .execute(
                            "create table legacy.reading (id int primary key, amount numeric, level numeric)",
                            "insert into legacy.reading values (1, 10, 1.5), (2, 'NaN', 2), (3, 30, 'NaN'), (4, 'Infinity', 4), (5, 50, 5.25), (6, 60, '-Infinity')");
            site.modern().execute("create table modern.reading (id int primary key, amount int, level numeric(10,2))");
            site.write("crossfade.yaml", MAPPING);

            assertThat(site.run("check").out())
                    .contains("fails for 2 of the first 1000 rows of legacy.reading", "SQLSTATE 0A000", "0 errors");
            succeeds(site, "stage", "reading", "--to", "dual-write");
            assertThat(site.run("backfill", "reading").out()).contains("6 rows read, 3 written, 3 missed");
            assertThat(site.run("verify", "reading").out()).contains("6 rows compared, 3 differences");
            assertThat(site.run("queue", "list", "reading").out()).contains("0A000", "22003");

            succeeds(site, "capture", "install", "reading");
            site.legacy().execute("update legacy.reading set level = 7 where id in (1, 2, 5)");
            site.run("worker", "--once", "--grace", "0s");
            assertThat(site.modern().dsl().fetchValue("select count(*) from modern.reading where level = 7"))
                    .isEqualTo(2L);

            site.legacy().execute("update legacy.reading set amount = 0, level = 0 where id in (2, 4, 6)");
            succeeds(site, "queue", "retry", "reading", "--reason", "put right");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "reading");
        }
    }

    private static void succeeds(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isZero();
    }
}
