package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read, checked or mapped concerns its key or its entity alone; the others continue. */
class OneEntityAloneIT {

    private static final int DONE = 0;
    private static final int PROBLEM = 1;
    private static final int MISUSE = 2;
    private static final int REFUSED = 3;

    private static final String MAPPING = """
            entities:
              part: { legacy: legacy.part, modern: modern.part, key: [id], project: { size: "size::int" }, restore: { size: "size::text" } }
              box: { legacy: legacy.box, modern: modern.box, key: [id], project: { label: label }, restore: { label: label } }
            """;

    @TempDir
    private Path folder;

    private Site site(Topology topology) {
        Site site = Site.create(folder, topology);
        site.legacy()
                .execute(
                        "create table legacy.part (id int primary key, size text)",
                        "insert into legacy.part select i, i::text from generate_series(1, 50) i",
                        "create table legacy.box (id int primary key, label text)",
                        "insert into legacy.box select i, i::text from generate_series(1, 50) i");
        site.modern()
                .execute(
                        "create table modern.part (id int primary key, size int)",
                        "create table modern.box (id int primary key, label text)");
        site.write("crossfade.yaml", MAPPING);
        return site;
    }

    private static void succeeds(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isEqualTo(DONE);
    }

    private static long count(Site site, String condition) {
        return Long.parseLong(
                String.valueOf(site.modern().dsl().fetchValue("select count(*) from modern." + condition)));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatAnExpressionCannotTakeIsAMissedWriteOfItsKey(Topology topology) {
        try (Site site = site(topology)) {
            site.legacy().execute("update legacy.part set size = 'XL' where id = 3");

            succeeds(site, "stage", "part", "box", "--to", "dual-write");
            Ran backfill = site.run("backfill", "part", "box");
            assertThat(backfill.code()).isEqualTo(PROBLEM);
            assertThat(backfill.out())
                    .contains("part: 50 rows read, 49 written, 1 missed", "box: 50 rows read, 50 written");
            succeeds(site, "verify", "box");
            Ran verify = site.run("verify", "--all");
            assertThat(verify.code()).isEqualTo(PROBLEM);
            assertThat(verify.out()).contains("part: 50 rows compared, 1 differences", "unreadable");

            succeeds(site, "capture", "install", "part", "box");
            site.legacy()
                    .execute(
                            "update legacy.part set size = 'XXL' where id = 7",
                            "update legacy.part set size = '44' where id = 4",
                            "update legacy.box set label = 'new'");
            Ran worker = site.run("worker", "--once", "--grace", "0s");
            assertThat(worker.out()).contains("51 keys applied", "2 missed writes of part are left");
            assertThat(count(site, "box where label = 'new'")).isEqualTo(50);
            assertThat(count(site, "part where id = 4 and size = 44")).isEqualTo(1);
            assertThat(site.run("status").code()).isEqualTo(DONE);

            site.legacy().execute("update legacy.part set size = '70' where id in (3, 7)");
            succeeds(site, "queue", "retry", "part", "--reason", "put right");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "--all");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop table legacy.part",
                "alter table legacy.part drop column size",
                "alter table legacy.part rename to parts",
                "drop table modern.part",
                "alter table modern.part alter size type date using null"
            })
    void anEntityWhoseTablesAreNotAsItsMappingSaysLeavesTheOthersAlone(String mishap) {
        try (Site site = site(Topology.ONE_DATABASE)) {
            succeeds(site, "stage", "part", "box", "--to", "dual-write");
            succeeds(site, "backfill", "part", "box");
            succeeds(site, "capture", "install", "part", "box");
            site.legacy().execute(mishap, "update legacy.box set label = 'new'");

            Ran worker = site.run("worker", "--once", "--grace", "0s");
            assertThat(worker.code()).isEqualTo(PROBLEM);
            assertThat(worker.out()).contains("50 keys applied", "part is left out: ", "crossfade.yaml:2");
            assertThat(count(site, "box where label = 'new'")).isEqualTo(50);

            succeeds(site, "verify", "box");
            Ran all = site.run("verify", "--all");
            assertThat(all.code()).isEqualTo(PROBLEM);
            assertThat(all.out()).contains("box: 50 rows compared, 0 differences");
            assertThat(all.err()).contains("part is left out: ");
            Ran part = site.run("verify", "part");
            assertThat(part.code()).isEqualTo(MISUSE);
            assertThat(part.err()).contains("The mapping file cannot be used:", "entities.part");
            Ran backfill = site.run("backfill", "part", "box");
            assertThat(backfill.code()).isEqualTo(PROBLEM);
            assertThat(backfill.out()).contains("box: nothing to do");
            assertThat(backfill.err()).contains("part is left out: ");
            succeeds(site, "capture", "install", "box");

            Ran status = site.run("status");
            assertThat(status.code()).isEqualTo(PROBLEM);
            assertThat(status.out()).contains("crossfade.yaml cannot be used for part", "box");
            succeeds(site, "stage", "box", "--to", "shadow-read");
            succeeds(site, "stage", "box");
            Ran forward = site.run("stage", "part", "--to", "shadow-read");
            assertThat(forward.code()).isEqualTo(REFUSED);
            assertThat(forward.err()).contains("Gate 'mapping valid' is closed for part");
            succeeds(site, "stage", "part", "--to", "legacy-only");
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anEntityThatTheServerRefusesFromTheStartKeepsNoOtherFromIt(Topology topology) {
        try (Site site = site(topology)) {
            site.write("crossfade.yaml", MAPPING.replace("size::int", "siez::int"));

            succeeds(site, "stage", "box", "--to", "dual-write");
            succeeds(site, "backfill", "box");
            Ran part = site.run("stage", "part", "--to", "dual-write");
            assertThat(part.code()).isEqualTo(MISUSE);
            assertThat(part.err()).contains("siez");
            site.write("crossfade.yaml", MAPPING);
            succeeds(site, "stage", "part", "--to", "dual-write");
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void ofSeveralEntitiesOneThatCannotBeBackfilledIsSaidAndTheOthersAre(Topology topology) {
        try (Site site = site(topology)) {
            succeeds(site, "stage", "part", "box", "--to", "legacy-only");
            succeeds(site, "stage", "box", "--to", "dual-write");

            Ran backfill = site.run("backfill", "part", "box");

            assertThat(backfill.code()).isEqualTo(PROBLEM);
            assertThat(backfill.out()).contains("box: 50 rows read, 50 written");
            assertThat(backfill.err()).contains("part is left out: part stands at legacy-only");
            assertThat(site.run("backfill", "part").code()).isEqualTo(REFUSED);
        }
    }
}
