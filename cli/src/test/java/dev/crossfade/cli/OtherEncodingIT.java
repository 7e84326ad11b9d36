package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.nio.file.Path;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases whose encoding lacks some of Unicode: a missing character concerns only the key that has it. */
class OtherEncodingIT {

    private static final String MAPPING = """
            entities:
              town: { legacy: legacy.town, modern: modern.town, key: [name], project: { mayor: mayor }, restore: { mayor: mayor } }
            """;

    @TempDir
    private Path folder;

    private Site site(TestDatabase legacy, TestDatabase modern) {
        Site site = Site.on(folder, legacy, modern);
        site.legacy()
                .execute(
                        "create table legacy.town (name text primary key, mayor text)",
                        "insert into legacy.town values ('Köln', 'Müller'), ('Zürich', 'Blöchl'), ('Aßlar', 'é'), ('Bonn', 'x')");
        site.modern().execute("create table modern.town (name text primary key, mayor text)");
        site.write("crossfade.yaml", MAPPING);
        return site;
    }

    private static Ran succeeds(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isZero();
        return ran;
    }

    @ParameterizedTest
    @CsvSource({"LATIN1,UTF8", "LATIN1,LATIN1", "UTF8,LATIN1", "SQL_ASCII,UTF8", "UTF8,SQL_ASCII", "WIN1252,LATIN9"})
    void whatBothDatabasesStoreIsTheSameOnBoth(String legacy, String modern) {
        try (Site site = site(TestDatabases.createIn(legacy), TestDatabases.createIn(modern))) {
            succeeds(site, "stage", "town", "--to", "dual-write");
            succeeds(site, "backfill", "town");
            assertThat(succeeds(site, "verify", "town").out()).contains("4 rows compared, 0 differences");
            succeeds(site, "capture", "install", "town");
            site.legacy().execute("update legacy.town set mayor = mayor || 'ÿ'");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "town");
        }
    }

    @Test
    void whatTheLegacyDatabaseLacksIsAMissedWriteOfItsKey() {
        try (Site site = site(TestDatabases.createIn("LATIN1"), TestDatabases.createIn("UTF8"))) {
            succeeds(site, "stage", "town", "--to", "dual-write");
            succeeds(site, "backfill", "town");
            succeeds(site, "capture", "install", "town");
            site.moveTo("modern-primary", "town");
            site.modern()
                    .execute(
                            "update modern.town set mayor = '€uro' where name = 'Bonn'",
                            "insert into modern.town values ('Łódź', 'z')",
                            "update modern.town set mayor = 'new' where name = 'Köln'");

            Ran worker = site.run("worker", "--once", "--grace", "0s");

            assertThat(worker.out()).contains("1 keys applied, 2 newly missed", "2 missed writes of town are left");
            assertThat(site.legacy().dsl().fetchValue("select mayor from legacy.town where name = 'Köln'"))
                    .isEqualTo("new");
            assertThat(site.run("queue", "list", "town").out()).contains("Łódź", "Bonn", "22P05", "...");
            assertThat(site.run("queue", "show", "town", "--key", "Łódź").code())
                    .isZero();
            Ran verify = site.run("verify", "town");
            assertThat(verify.code()).isOne();
            assertThat(verify.out()).contains("2 differences", "Łódź", "Bonn");

            site.modern().execute("delete from modern.town where name = 'Łódź'");
            site.modern().execute("update modern.town set mayor = 'Euro' where name = 'Bonn'");
            succeeds(site, "queue", "retry", "town", "--reason", "put right");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "town");
        }
    }

    @Test
    void whatTheModernDatabaseLacksIsAMissedWriteOfItsKey() {
        try (Site site = site(TestDatabases.createIn("UTF8"), TestDatabases.createIn("LATIN1"))) {
            site.legacy().execute("insert into legacy.town values ('Łódź', 'z'), ('Wien', '€')");
            succeeds(site, "stage", "town", "--to", "dual-write");
            Ran backfill = site.run("backfill", "town");
            assertThat(backfill.out()).contains("6 rows read, 4 written, 2 missed");
            Ran verify = site.run("verify", "town");
            assertThat(verify.out()).contains("6 rows compared, 2 differences", "Łódź", "Wien");
            succeeds(site, "capture", "install", "town");
            site.legacy().execute("update legacy.town set mayor = 'y'");
            site.run("worker", "--once", "--grace", "0s");
            succeeds(site, "queue", "retry", "town", "--reason", "a test");
            Ran worker = site.run("worker", "--once", "--grace", "0s");
            assertThat(worker.out()).contains("1 missed writes of town are left");
            assertThat(site.modern().dsl().fetchValue("select mayor from modern.town where name = 'Wien'"))
                    .isEqualTo("y");
        }
    }

    /** SQL_ASCII takes what it is given: Gört, in LATIN1. */
    private static final String LATIN = "convert_from(decode('47f67274', 'hex'), 'SQL_ASCII')";

    private static final String SPELLED = "not-utf8:47f67274";

    @Test
    void aKeyThatIsNoTextConcernsItselfAloneBetweenTwoDatabases() {
        try (Site site = site(TestDatabases.createIn("SQL_ASCII"), TestDatabases.createIn("UTF8"))) {
            site.legacy().execute("insert into legacy.town values (" + LATIN + ", 'x')");

            assertThat(succeeds(site, "check").out())
                    .contains("A key of legacy.town has bytes that are no text in UTF8", "'LATIN1', 'UTF8'");
            succeeds(site, "stage", "town", "--to", "dual-write");
            assertThat(site.run("backfill", "town").out()).contains("5 rows read, 4 written, 1 missed");
            assertThat(site.run("queue", "list", "town").out()).contains(SPELLED, "22021");
            Ran verify = site.run("verify", "town");
            assertThat(verify.code()).isOne();
            assertThat(verify.out()).contains("5 rows compared, 1 differences", SPELLED);

            succeeds(site, "capture", "install", "town");
            site.legacy().execute("update legacy.town set mayor = 'new'");
            succeeds(site, "queue", "retry", "town", "--reason", "a test");
            Ran worker = site.run("worker", "--once", "--grace", "0s");
            assertThat(worker.out()).contains("4 keys applied", "1 missed writes of town are left");
            site.run("verify", "town", "--repair");
            assertThat(
                            site.modern()
                                    .dsl()
                                    .fetchValue(
                                            "select count(*) || min(mayor) || max(mayor) from modern.town where name not like 'not%'"))
                    .isEqualTo("4newnew");
            assertThat(site.modern().dsl().fetchCount(DSL.table("modern.town"))).isEqualTo(4);
            succeeds(site, "queue", "park", "town", "--key", SPELLED, "--reason", "ticket 4711");

            site.legacy()
                    .execute(
                            "update legacy.town set name = convert_from(convert(convert_to(name, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') where name = "
                                    + LATIN);
            succeeds(site, "queue", "retry", "town", "--reason", "it is text now");
            succeeds(site, "worker", "--once", "--grace", "0s");
            succeeds(site, "verify", "town");
        }
    }

    /** An ordinary key that looks as such a key is spelled is none. */
    @Test
    void aKeyThatIsNoTextIsCopiedWithinOneDatabase() {
        TestDatabase both = TestDatabases.createIn("SQL_ASCII");
        try (Site site = site(both, both)) {
            both.execute("insert into legacy.town values (" + LATIN + ", 'x'), ('" + SPELLED + "', 'y')");

            succeeds(site, "check");
            succeeds(site, "stage", "town", "--to", "dual-write");
            assertThat(succeeds(site, "backfill", "town").out()).contains("6 rows read, 6 written");
            assertThat(succeeds(site, "verify", "town").out()).contains("6 rows compared, 0 differences");

            succeeds(site, "capture", "install", "town");
            both.execute("update legacy.town set mayor = mayor || '!'");
            succeeds(site, "worker", "--once", "--grace", "0s");
            assertThat(succeeds(site, "verify", "town").out()).contains("6 rows compared, 0 differences");
            both.execute("update modern.town set mayor = '?' where name = " + LATIN);
            assertThat(site.run("verify", "town").out()).contains("1 differences", SPELLED);
            site.run("verify", "town", "--repair");
            assertThat(both.dsl().fetchValue("select mayor from modern.town where name = " + LATIN))
                    .isEqualTo("x!");
            both.execute("delete from legacy.town where name = " + LATIN);
            succeeds(site, "worker", "--once", "--grace", "0s");
            assertThat(succeeds(site, "verify", "town").out()).contains("5 rows compared, 0 differences");
        }
    }

    @Test
    void aKeyThatIsNoTextOnTheModernSideAloneIsTakenAwayByARepair() {
        try (Site site = site(TestDatabases.createIn("UTF8"), TestDatabases.createIn("SQL_ASCII"))) {
            succeeds(site, "stage", "town", "--to", "dual-write");
            succeeds(site, "backfill", "town");
            site.modern().execute("insert into modern.town values (" + LATIN + ", 'x')");

            assertThat(site.run("verify", "town").out()).contains("1 differences", SPELLED);
            site.run("verify", "town", "--repair");
            succeeds(site, "verify", "town");
        }
    }
}
