package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.finish.Uninstall;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.RefusedException;
import dev.crossfade.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The end: {@code crossfade finish} and {@code crossfade uninstall}. */
class FinishIT {

    private static final int DONE = 0;
    private static final int PROBLEM = 1;
    private static final int MISUSE = 2;
    private static final int REFUSED = 3;

    private static final String CONTRACT = """
            -- crossfade: phase=contract
            -- crossfade: side=legacy
            -- crossfade: entity=%s
            drop table legacy.%s cascade;
            """;

    @TempDir
    private Path folder;

    private static Ran ends(int code, Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isEqualTo(code);
        return ran;
    }

    private static void contract(Site site, String version, String entity, String table) {
        site.moveTo("modern-only", entity);
        site.write("migrations/V%s__drop_%s.up.sql".formatted(version, table), CONTRACT.formatted(entity, table));
        ends(DONE, site, "migrate", "up");
    }

    private static boolean hasSchema(TestDatabase database) {
        return Boolean.TRUE.equals(database.dsl().fetchValue("select to_regnamespace('crossfade') is not null"));
    }

    private static Map<String, String> states(JsonNode report) {
        Map<String, String> states = new TreeMap<>();
        report.get("items")
                .forEach(item -> states.put(
                        item.get("topic").asString(), item.get("state").asString()));
        return states;
    }

    @ParameterizedTest
    @EnumSource
    void anEntityThatIsNotContractedIsToldWhatIsMissing(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            assertThat(ends(PROBLEM, site, "finish", "user").out())
                    .contains("user is not contracted yet.", "crossfade stage user --to dual-write");
            site.moveTo("modern-only", "user");
            assertThat(ends(PROBLEM, site, "finish", "user").out())
                    .contains("No contract migration of it is pending", "legacy.users", "-- crossfade: entity=user")
                    .satisfies(text -> assertThat(text.contains("-- crossfade: side=legacy"))
                            .isEqualTo(topology == Topology.TWO_DATABASES));
            site.noteIntents("user", "1");
            site.write("migrations/V3__drop.up.sql", CONTRACT.formatted("user", "users"));
            Ran pending = ends(PROBLEM, site, "finish", "user", "--output", "json");
            assertThat(pending.json().get("contracted").isNull()).isTrue();
            List<String> missing = new ArrayList<>();
            pending.json().get("missing").forEach(line -> missing.add(line.asString()));
            assertThat(missing).hasSize(2);
            assertThat(missing.get(0)).contains("1 intents wait");
            assertThat(missing.get(1)).isEqualTo("Run its contract migration, 3 (drop): `crossfade migrate up`.");
            assertThat(ends(MISUSE, site, "finish", "usr").err())
                    .contains("There is no entity 'usr'. The entities are: order, user.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aContractedEntityIsToldWhatIsLeft(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            ends(DONE, site, "capture", "install", "user");
            Fleet fleet = new Fleet(site.databases().controlDsl());
            Instance instance = new Instance(UUID.randomUUID(), "host/1", "1");
            contract(site, "1", "user", "users");
            fleet.heartbeat(instance, Map.of("user", 5L), Map.of());
            site.write("migrations/V2__more.up.sql", CONTRACT.formatted("user", "more"));

            Ran text = ends(DONE, site, "finish", "user");
            assertThat(text.out())
                    .contains("user is contracted since ", ", by migration 1.")
                    .contains("new PlainUserRepository(dsl)", "new DualWriteUserRepository(crossfade)")
                    .contains("1 live instances still serve user through Crossfade, which is harmless: host/1.")
                    .contains("crossfade capture remove user")
                    .contains("entities.user", "crossfade.transaction-entities")
                    .contains("2 (more)")
                    .contains("order stands at legacy-only");
            assertThat(states(ends(DONE, site, "finish", "user", "--output", "json")
                            .json()))
                    .containsEntry("code", "to do")
                    .containsEntry("deployment", "to do")
                    .containsEntry("capture", "to do")
                    .containsEntry("migrations", "to do");

            fleet.leave(instance);
            site.write(
                    "migrations/V2__more.up.sql",
                    CONTRACT.formatted("user", "more").replace("drop table", "drop table if exists"));
            ends(DONE, site, "migrate", "up");
            ends(DONE, site, "capture", "remove", "user");
            Ran later = ends(DONE, site, "finish", "user", "--output", "json");
            assertThat(states(later.json()))
                    .containsEntry("deployment", "done")
                    .containsEntry("capture", "done")
                    .containsEntry("migrations", "done")
                    .containsEntry("code", "to check");
            assertThat(later.json().at("/contracted/migrations").size()).isEqualTo(2);
        }
    }

    /** Another tool, such as Flyway, has dropped the table. */
    @ParameterizedTest
    @EnumSource
    void whatAnotherToolHasTakenAwayIsRecordedWhenItIsGone(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            String by = "flyway 17";
            assertThat(ends(REFUSED, site, "finish", "order", "--contracted-by", by)
                            .err())
                    .contains(
                            "order is not contracted; nothing was recorded.",
                            "It stands at legacy-only, and modern-only is required",
                            "Its legacy table legacy.orders is there still: drop it first.");
            site.moveTo("modern-only", "order");
            site.noteIntents("order", "1");
            assertThat(ends(REFUSED, site, "finish", "order", "--contracted-by", by)
                            .err())
                    .contains("1 intents wait", "legacy.orders is there still");
            ends(DONE, site, "queue", "discard", "order", "--intents", "--reason", "a test");
            site.legacy().execute("drop table legacy.orders");
            assertThat(ends(PROBLEM, site, "finish", "order").out()).contains("crossfade finish order --contracted-by");
            assertThat(ends(MISUSE, site, "finish", "order", "--contracted-by", " ")
                            .err())
                    .contains("--contracted-by takes what has taken");

            assertThat(ends(DONE, site, "finish", "order", "--contracted-by", by)
                            .out())
                    .contains("order is contracted since", "by migration flyway 17");
            ends(DONE, site, "finish", "order", "--contracted-by", by);

            assertThat(ends(DONE, site, "status").out()).contains("contracted");
            assertThat(ends(REFUSED, site, "stage", "order", "--to", "modern-primary", "--wait")
                            .err())
                    .contains("order is contracted");
            Ran list = ends(DONE, site, "entity", "list");
            assertThat(list.out()).contains("contracted", "gone").doesNotContain("modern-only");
            JsonNode entities = ends(DONE, site, "entity", "list", "--output", "json")
                    .json()
                    .at("/entities");
            assertThat(entities.at("/0/contracted/migrations/0").asString()).isEqualTo(by);
            assertThat(entities.at("/1/contracted").isNull()).isTrue();
            ends(DONE, site, "worker", "--once");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaStaysAsLongAsSomethingNeedsIt(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            ends(DONE, site, "capture", "install", "user");
            site.moveTo("modern-primary", "user");
            Fleet fleet = new Fleet(site.databases().controlDsl());
            Instance instance = new Instance(UUID.randomUUID(), "host/1", "1");
            fleet.heartbeat(instance, Map.of("user", 5L), Map.of());
            site.noteIntents("user", "1");
            site.modern()
                    .execute(
                            "create function modern.touch() returns trigger language plpgsql as $$ begin return new; end $$",
                            "create trigger touch before update on modern.accounts for each row when (not crossfade.is_mirror_write('modern.accounts')) execute function modern.touch()");

            Ran refused = ends(REFUSED, site, "uninstall", "--yes");
            assertThat(refused.err())
                    .contains("Crossfade's own schema is still needed. Nothing was dropped.")
                    .contains("user stands at modern-primary.")
                    .contains("The instance host/1 runs with Crossfade.")
                    .contains("1 intents of user wait.")
                    .contains("Capture of user is installed. Remove it: `crossfade capture remove user`.");
            Ran dry = ends(REFUSED, site, "uninstall", "--dry-run", "--output", "json");
            assertThat(dry.json().get("dropped").asBoolean()).isFalse();
            assertThat(dry.json().get("obstacles").size()).isEqualTo(4);

            fleet.leave(instance);
            ends(DONE, site, "stage", "user", "--to", "modern-only", "--force", "--reason", "a test");
            ends(DONE, site, "queue", "discard", "user", "--intents", "--reason", "a test");
            site.write("migrations/V1__drop.up.sql", CONTRACT.formatted("user", "users"));
            ends(DONE, site, "migrate", "up");
            ends(DONE, site, "capture", "remove", "user");
            assertThat(ends(REFUSED, site, "uninstall", "--yes").err())
                    .contains("trigger touch on table modern.accounts uses the schema crossfade")
                    .doesNotContain("Capture", "instance", "stands");
            assertThat(hasSchema(site.legacy()) && hasSchema(site.modern())).isTrue();
            site.modern().execute("drop trigger touch on modern.accounts");

            assertThat(ends(DONE, site, "uninstall", "--dry-run").out())
                    .contains("table crossfade.contraction (1 rows)", "function crossfade.require_epoch(text,bigint)");
            assertThat(ends(MISUSE, site, "uninstall").err()).contains("add --yes");
            assertThat(hasSchema(site.legacy()) && hasSchema(site.modern())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaGoesWhenEveryEntityIsContractedOrNeverLeft(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            site.insertUsers(1, 3);
            ends(DONE, site, "stage", "user", "--to", "dual-write");
            ends(DONE, site, "backfill", "user");
            contract(site, "1", "user", "users");

            Ran gone = ends(DONE, site, "uninstall", "--yes");

            assertThat(gone.out()).contains("Dropped the schema crossfade", "The record of the migrations");
            assertThat(hasSchema(site.legacy()) || hasSchema(site.modern())).isFalse();
            assertThat(site.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(3L);
            assertThat(ends(DONE, site, "status").out()).contains("Crossfade is not installed here");
            assertThat(ends(PROBLEM, site, "uninstall", "--yes").err()).contains("install");
        }
    }

    /** The control database became unreachable after the modern one's schema was dropped. */
    @ParameterizedTest
    @EnumSource(names = "TWO_DATABASES")
    void anInterruptedUninstallationGoesOn(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            contract(site, "1", "user", "users");
            site.modern().execute("drop schema crossfade cascade");

            ends(DONE, site, "uninstall", "--yes");

            assertThat(hasSchema(site.legacy()) || hasSchema(site.modern())).isFalse();
        }
    }

    /** Between the check and the end somebody has begun to need it. */
    @ParameterizedTest
    @EnumSource
    void whatWasFoundIsLookedAtAgainUnderTheLocks(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            Uninstall uninstall = new Uninstall(site.databases());
            // The server may still be ending an earlier command's session.
            await().untilAsserted(() -> assertThat(uninstall.look().obstacles()).isEmpty());
            AuthorityTable.register(site.databases().controlDsl(), "late");
            site.moveTo("dual-write", "user");

            assertThatThrownBy(uninstall::run)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("user stands at dual-write");
            assertThat(hasSchema(site.legacy()) && hasSchema(site.modern())).isTrue();
        }
    }
}
