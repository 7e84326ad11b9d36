package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.testing.LongForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of megabytes, in processes whose heap holds only a few of them. */
class WideRowsIT {

    private static final String HEAP = "96m";
    private static final String MAPPING = """
            entities:
              doc: { legacy: legacy.doc, modern: modern.doc, key: [id], project: { body: body }, restore: { body: body } }
            """;

    @TempDir
    private Path folder;

    /** Every other row is small once it is compressed. */
    private Site site(Topology topology, int rows) {
        Site site = Site.create(folder, topology);
        site.legacy()
                .execute(
                        "create table legacy.doc (id int primary key, body text)",
                        "insert into legacy.doc select i, case when i % 2 = 0 then repeat('x', 1000000) else "
                                + "(select string_agg(md5(i::text || j::text), '') from generate_series(1, 32000) j) end "
                                + "from generate_series(1, " + rows + ") i");
        site.modern().execute("create table modern.doc (id int primary key, body text)");
        site.write("crossfade.yaml", MAPPING);
        return site;
    }

    private static Ran run(Site site, String... arguments) {
        try (Running running = site.startWithHeap(HEAP, arguments)) {
            return running.finish();
        }
    }

    private static void succeeds(Site site, String... arguments) {
        Ran ran = run(site, arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isZero();
    }

    /** In one database rows do not leave the server. */
    @Test
    void batchesHaveAsManyRowsAsFitIntoMemory() {
        try (Site site = site(Topology.TWO_DATABASES, 60)) {
            succeeds(site, "stage", "doc", "--to", "dual-write");
            succeeds(site, "backfill", "doc");
            site.modern().execute("update modern.doc set body = body || 'y' where id % 3 = 0");
            assertThat(run(site, "verify", "doc").out()).contains("60 rows compared, 20 differences");
            site.modern().execute("truncate modern.doc");
            succeeds(site, "capture", "install", "doc");
            site.legacy().execute("update legacy.doc set body = body || 'z'");
            Ran worker = run(site, "worker", "--once", "--grace", "0s");
            assertThat(worker.out()).describedAs(worker.err()).contains("60 keys applied, 0 newly missed");
            succeeds(site, "verify", "doc");
        }
    }

    @Test
    @LongForm
    void aRowThatIsTooLargeAloneIsAMissedWriteOfItsKey() {
        try (Site site = site(Topology.TWO_DATABASES, 10)) {
            site.legacy()
                    .execute(
                            "insert into legacy.doc values (5000, (select string_agg(md5(j::text), '') from generate_series(1, 1250000) j))");
            succeeds(site, "stage", "doc", "--to", "dual-write");

            Ran backfill = run(site, "backfill", "doc");

            assertThat(backfill.out()).describedAs(backfill.err()).contains("11 rows read, 10 written, 1 missed");
            assertThat(run(site, "queue", "list", "doc").out()).contains("5000", "54000");
            succeeds(site, "capture", "install", "doc");
            site.legacy().execute("update legacy.doc set body = body || 'z'");
            Ran worker = run(site, "worker", "--once", "--grace", "0s");
            assertThat(worker.out()).describedAs(worker.err()).contains("10 keys applied", "1 missed writes of doc");
        }
    }

    /** All rows differ, and those of the side that does not decide are written to the one that does. */
    @Test
    @LongForm
    void aRecoveryHasAsManyRowsInHandAsFitIntoMemory() {
        try (Site site = site(Topology.TWO_DATABASES, 40)) {
            succeeds(site, "stage", "doc", "--to", "dual-write");
            site.modern()
                    .execute(
                            "insert into modern.doc select i, repeat(md5(i::text), 32000) from generate_series(1, 40) as i");
            AuthorityTable.freeze(site.legacy().dsl(), "doc", "a test");
            AuthorityTable.freeze(site.modern().dsl(), "doc", "a test");

            succeeds(site, "recover", "doc", "--winner", "modern", "--reason", "a test", "--allow-rows", "40");

            succeeds(site, "verify", "doc");
            assertThat(site.legacy()
                            .dsl()
                            .fetchValue("select count(*) from legacy.doc where left(body, 32) = md5(id::text)"))
                    .isEqualTo(40L);
        }
    }
}
