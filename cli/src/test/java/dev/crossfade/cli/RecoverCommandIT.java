package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import java.nio.file.Path;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an operator sees of a frozen entity, and the exit codes. */
class RecoverCommandIT {

    private static final String REASON = "the modern database is not what it was: it has gone back in time.";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aFrozenEntityIsShownDecidedAndThawed(Topology topology) {
        try (Site site = mirrored(topology)) {
            assertThat(site.run("recover", "user").out()).contains("nothing to recover");
            assertThat(site.run("recover", "user").code()).isZero();
            site.modern().execute("delete from modern.accounts where account_id in (3, 4)");
            site.modern().execute("insert into modern.accounts values (77, '77@example.org', 'Ada Lovelace')");
            freeze(site);

            Ran shown = site.run("recover", "user");
            assertThat(shown.code()).isEqualTo(1);
            assertThat(shown.out())
                    .contains("user is frozen: " + REASON)
                    .contains("The legacy side decides.")
                    .containsPattern("2 +only legacy has +3 4|2 +only legacy has +4 3")
                    .containsPattern("1 +only modern has +77")
                    .contains(
                            "--winner legacy: 1 rows that only the modern side has would be deleted there, 0 overwritten, 2 added to it; 100 may be lost")
                    .contains("--winner modern: 2 rows that only the legacy side has would be deleted there");
            JsonNode json = site.run("recover", "user", "--output", "json", "--limit", "1")
                    .json();
            assertThat(json.at("/ending").asString()).isEqualTo("frozen");
            assertThat(json.at("/picture/reason").asString()).isEqualTo(REASON);
            assertThat(json.at("/picture/record/stage").asString()).isEqualTo("dual-write");
            assertThat(json.at("/picture/differences/onlyLegacy/count").asInt()).isEqualTo(2);
            assertThat(json.at("/picture/differences/onlyLegacy/keys").size()).isEqualTo(1);
            assertThat(json.at("/picture/losses/0/destroyed").asInt()).isEqualTo(1);
            assertThat(json.at("/decision").isNull()).isTrue();

            Ran done = site.run("recover", "user", "--winner", "legacy", "--reason", "ticket 4711", "--by", "ada");
            assertThat(done.err()).isEmpty();
            assertThat(done.code()).isZero();
            assertThat(done.out()).contains("user is recovered at dual-write", "the legacy side won");
            assertThat(site.run("recover", "user").code()).isZero();
            assertThat(site.run("verify", "user").code()).isZero();
        }
    }

    @Test
    void aDecisionThatCostsTooMuchIsRefused() {
        try (Site site = mirrored(Topology.TWO_DATABASES)) {
            site.insertUsers(1001, 1200);
            freeze(site);

            Ran held = site.run("recover", "user", "--winner", "modern", "--reason", "x");
            assertThat(held.code()).isEqualTo(3);
            assertThat(held.out())
                    .contains("No row was changed", "200 rows of the legacy side, 100 allowed", "--allow-rows 200");
            JsonNode json = site.run("recover", "user", "--winner", "modern", "--reason", "x", "--output", "json")
                    .json();
            assertThat(json.at("/ending").asString()).isEqualTo("held back");
            assertThat(json.at("/decision/allowed").asInt()).isEqualTo(100);
            assertThat(json.at("/picture/differences/onlyLegacy/count").asInt()).isEqualTo(200);

            Ran agreed = site.run(
                    "recover",
                    "user",
                    "--winner",
                    "modern",
                    "--reason",
                    "x",
                    "--allow-rows",
                    "200",
                    "--output",
                    "json");
            assertThat(agreed.code()).isZero();
            assertThat(agreed.json().at("/ending").asString()).isEqualTo("recovered");
            assertThat(agreed.json().at("/decision/loss/deleted").asInt()).isEqualTo(200);
        }
    }

    @Test
    void theStageIsAskedForWhereNobodyKnowsIt() {
        try (Site site = mirrored(Topology.TWO_DATABASES)) {
            site.legacy().execute("delete from crossfade.authority");
            site.modern().execute("delete from crossfade.authority");

            Ran shown = site.run("recover", "user");
            assertThat(shown.code()).isEqualTo(1);
            assertThat(shown.out()).contains("has lost its record", "Say it with --stage STAGE");
            assertThat(AuthorityTable.all(site.legacy().dsl())).isEmpty();
            assertThat(site.run("recover", "user", "--winner", "legacy", "--reason", "x")
                            .code())
                    .isEqualTo(2);
            Ran named = site.run("recover", "user", "--winner", "legacy", "--reason", "x", "--stage", "dual-write");
            assertThat(named.err()).isEmpty();
            assertThat(named.code()).isZero();
            assertThat(site.run("stage", "user").out()).contains("dual-write");
            assertThat(site.run("entity", "list").out()).contains("legacy.users");
        }
    }

    /** Without the modern database's fences nobody knows the stage; with them it is recorded again. */
    @ParameterizedTest
    @ValueSource(strings = {"drop schema crossfade cascade", "emptied"})
    void aControlSchemaThatWasLostIsMadeAnewByADecisionAlone(String how) {
        try (Site site = mirrored(Topology.TWO_DATABASES)) {
            site.modern().execute("delete from modern.accounts where account_id = 3");
            if (how.equals("emptied")) {
                site.legacy()
                        .dsl()
                        .fetch(
                                "select c.relname from pg_class c where c.relnamespace = 'crossfade'::regnamespace and c.relkind = 'r'")
                        .forEach(row -> site.legacy()
                                .dsl()
                                .truncate(DSL.table(DSL.name("crossfade", row.get(0, String.class))))
                                .cascade()
                                .execute());
            } else {
                site.legacy().execute(how);
            }
            assertThat(site.run("recover", "user").err()).contains("crossfade recover");
            assertThat(site.run("recover", "user").code()).isEqualTo(1);
            assertThat(site.run("stage", "user", "--to", "shadow-read").code()).isEqualTo(1);

            Ran done = site.run("recover", "user", "--winner", "legacy", "--reason", "x", "--output", "json");
            assertThat(done.err()).doesNotContain("crossfade:");
            assertThat(done.code()).isZero();
            assertThat(done.json().at("/decision/stage").asString()).isEqualTo("dual-write");
            assertThat(site.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(20L);
            assertThat(site.run("recover", "order").code()).isEqualTo(1);
            assertThat(site.run("recover", "order", "--winner", "legacy", "--reason", "x")
                            .code())
                    .isZero();
            assertThat(site.run("verify", "--all").code()).isZero();
        }
    }

    /** The flip was announced; nobody can tell whether it was recorded before the control database went back. */
    @Test
    void whatWasOnlyAnnouncedIsForTheOperatorToTell() {
        try (Site site = mirrored(Topology.TWO_DATABASES)) {
            site.modern()
                    .execute(
                            "update crossfade.authority set stage = 'MODERN_PRIMARY', epoch = 90, decided = false where entity = 'user'");
            site.legacy().execute("update crossfade.identity set timeline = timeline + 7");

            Ran shown = site.run("recover", "user");
            assertThat(shown.code()).isEqualTo(1);
            assertThat(shown.out()).contains("modern-primary (only announced)", "where it stands cannot be told");
            assertThat(site.run("recover", "user", "--winner", "legacy", "--reason", "x")
                            .code())
                    .isEqualTo(2);
            assertThat(site.run("recover", "user", "--winner", "legacy", "--reason", "x", "--stage", "dual-write")
                            .code())
                    .isZero();
            assertThat(site.run("stage", "user", "--output", "json")
                            .json()
                            .at("/entities/0/epoch")
                            .asInt())
                    .isEqualTo(91);
        }
    }

    @Test
    void wrongUseIsExplained() {
        try (Site site = mirrored(Topology.ONE_DATABASE)) {
            assertThat(site.run("recover", "user", "--winner", "legacy").err()).contains("--reason");
            assertThat(site.run("recover", "user", "--winner", "legacy").code()).isEqualTo(2);
            assertThat(site.run("recover", "user", "--allow-rows", "5").err()).contains("belong to --winner");
            assertThat(site.run("recover", "nobody").err()).contains("There is no entity 'nobody'", "order, user");
            assertThat(site.run("recover", "user", "--winner", "legacy", "--reason", "x", "--allow-rows", "-1")
                            .code())
                    .isEqualTo(2);
        }
    }

    private Site mirrored(Topology topology) {
        Site site = Site.create(folder, topology);
        site.insertUsers(1, 20);
        site.moveTo("dual-write", "user", "order");
        site.run("backfill", "user");
        return site;
    }

    private static void freeze(Site site) {
        AuthorityTable.freeze(site.legacy().dsl(), "user", REASON);
        AuthorityTable.freeze(site.modern().dsl(), "user", REASON);
    }
}
