package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.cli.terminal.Termination;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What an operator types from the first status to the last stage, in both topologies. */
class OperationIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void anEntityIsOperatedFromTheFirstStatusToModernOnlyAndOneStepBack(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            // No service reads here, so nothing can be compared.
            site.with("CROSSFADE_GATE_SHADOW_COMPARISONS", "0").insertUsers(1, 2_500);

            Ran first = site.run("status");
            assertThat(first.code()).isZero();
            assertThat(first.out()).contains("Crossfade is not installed here, and nothing was changed.");
            assertThat(stageOf(site.install(), "user")).isEqualTo("legacy-only");
            assertThat(site.run("stage", "user", "order", "--to", "dual-write").out())
                    .contains("order moved from legacy-only to dual-write.")
                    .contains("user moved from legacy-only to dual-write.");
            Ran refused = site.run("stage", "user", "--to", "shadow-read");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("Gate 'backfill complete' is closed for user")
                    .contains("crossfade backfill user");
            assertThat(site.run("backfill", "user", "order", "--batch-rows", "500")
                            .out())
                    .contains("user: 2,500 rows read, 2,500 written, 0 missed");
            assertThat(site.run("verify", "--all").out()).contains("user: 2,500 rows compared, 0 differences");
            for (String stage :
                    List.of("shadow-read", "modern-read", "modern-primary", "modern-only", "modern-primary")) {
                Ran moved = site.run("stage", "user", "--to", stage, "--output", "json");
                assertThat(moved.err()).isEmpty();
                assertThat(moved.code()).isZero();
                assertThat(moved.json().at("/changes/0/to").asString()).isEqualTo(stage);
                assertThat(stageOf(site, "user")).isEqualTo(stage);
            }
            assertThat(stageOf(site, "order")).isEqualTo("dual-write");
        }
    }

    @ParameterizedTest
    @EnumSource
    void statusShowsBacklogMissedWritesBackfillVerificationAndInstances(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 10);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.run("verify", "user");
            site.noteIntents("user", "1", "2");
            new Fleet(Databases.dsl(site.legacy().dataSource()))
                    .heartbeat(Instance.ofThisProcess("1.2.3"), Map.of("user", 0L), Map.of());

            Ran text = site.run("status");
            JsonNode user = entity(site.run("status", "--output", "json").json(), "user");

            assertThat(text.code()).isZero();
            assertThat(text.err()).isEmpty();
            assertThat(text.out()).contains("dual-write").contains("2, oldest ").contains("1 live, behind: ");
            assertThat(user.at("/backlog/intents").asInt()).isEqualTo(2);
            assertThat(user.at("/backlog/oldestSeconds").asDouble()).isPositive();
            assertThat(user.at("/missedWrites/count").asInt()).isZero();
            assertThat(user.at("/backfill/percent").asInt()).isEqualTo(100);
            assertThat(user.at("/verification/differences").asInt()).isZero();
            assertThat(user.at("/verification/rowsCompared").asInt()).isEqualTo(10);
            assertThat(user.at("/liveInstances").asInt()).isEqualTo(1);
            assertThat(user.at("/behind/0").asString()).contains("/");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStageIsShownWithGatesInstancesAndHistory(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.moveTo("shadow-read", "user");
            new Fleet(Databases.dsl(site.legacy().dataSource()))
                    .heartbeat(Instance.ofThisProcess("1.2.3"), Map.of("user", 1L, "other", 9L), Map.of());

            Ran text = site.run("stage", "user", "--gate-stable-for", "90m", "--gate-verification-age", "36h");
            JsonNode user = site.run("stage", "user", "--output", "json").json().at("/entities/0");

            assertThat(text.code()).isZero();
            assertThat(text.out())
                    .contains("user stands at shadow-read (epoch 2).")
                    .contains("Next step: modern-read, closed")
                    .containsPattern("GATE +STATE +SEEN +REQUIRED +REMEDY")
                    .containsPattern("mapping valid +open +no errors")
                    .containsPattern("verification clean +closed +the sides were never compared +0 differences")
                    .contains("at most 1 d 12 h")
                    .contains("Run `crossfade verify user`.")
                    .containsPattern("stable +closed +[0-9.]+ s at shadow-read +at least 1 h 30 min")
                    .containsPattern("shadow reads agree +closed +0 comparisons")
                    .containsPattern("replicas caught up +open +no replicas")
                    .containsPattern("restore proven +not-concerned +- +-")
                    .contains("Step back: dual-write, closed")
                    .containsPattern("INSTANCE +VERSION +SINCE +EPOCH +ACKNOWLEDGED +HEARTBEAT")
                    .containsPattern("1[.]2[.]3 .* 1 +behind +[0-9.]+ s ago")
                    .contains("forced past 'backfill complete': a test");
            assertThat(user.at("/next/gates")).hasSize(13);
            JsonNode verification = gate(user.at("/next/gates"), "verification clean");
            assertThat(verification.at("/state").asString()).isEqualTo("closed");
            assertThat(verification.at("/seen").asString()).isEqualTo("the sides were never compared");
            assertThat(verification.at("/required").asString()).endsWith("at most 1 d ago");
            assertThat(verification.at("/remedy").asString()).isEqualTo("Run `crossfade verify user`.");
            assertThat(gate(user.at("/next/gates"), "stable").at("/state").asString())
                    .isEqualTo("not-concerned");
            assertThat(gate(user.at("/previous/gates"), "backfill complete")
                            .at("/seen")
                            .isNull())
                    .isTrue();
            assertThat(user.at("/instances/0/behind").asBoolean()).isTrue();
            assertThat(user.at("/instances/0/heartbeatAgeSeconds").asDouble()).isBetween(0.0, 10.0);
            assertThat(user.at("/history/0/overruled/0").asString()).isEqualTo("backfill complete");
            assertThat(user.at("/next/open").asBoolean()).isFalse();
            assertThat(user.at("/instances/0/acknowledgedEpoch").asInt()).isEqualTo(1);
            assertThat(user.at("/history/0/to").asString()).isEqualTo("shadow-read");
            assertThat(user.at("/history/0/forced").asBoolean()).isTrue();
            assertThat(user.at("/history/1/to").asString()).isEqualTo("dual-write");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForcedStepNamesTheGatesThatItOverruled(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 10);
            site.moveTo("dual-write", "user");

            Ran refused = site.run("stage", "user", "--to", "shadow-read");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("Gate 'backfill complete' is closed for user: there was no backfill; required: a finished"
                            + " backfill that began after dual writing did. Run `crossfade backfill user`.");
            Ran forced = site.run(
                    "stage", "user", "--to", "shadow-read", "--force", "--reason", "empty table", "--output", "json");
            assertThat(forced.code()).isZero();
            assertThat(forced.json().at("/changes/0/overruled/0/gate").asString())
                    .isEqualTo("backfill complete");
            assertThat(forced.json().at("/changes/0/overruled/0/required").asString())
                    .startsWith("a finished backfill");
            site.write("crossfade.yaml", "entities: nonsense");
            assertThat(site.run("stage", "user", "--to", "modern-read").err())
                    .contains("Gate 'mapping valid' is closed for user: it cannot be looked at: The mapping file");
            assertThat(site.run("stage", "user", "--to", "dual-write").code())
                    .as("the way back needs no mapping file")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRampIsSetWithoutMovingTheStage(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.moveTo("modern-read", "user");

            Ran set = site.run("flags", "ramp", "user", "12.5");
            JsonNode flags = site.run("flags", "--output", "json").json().at("/flags");

            assertThat(set.code()).isZero();
            assertThat(set.out())
                    .isEqualToIgnoringNewLines("user: 12.5% of the keys are read from the modern side in modern-read.");
            assertThat(stageOf(site, "user")).isEqualTo("modern-read");
            assertThat(flags)
                    .anySatisfy(flag -> {
                        assertThat(flag.at("/flag").asString()).isEqualTo("user.modern-read");
                        assertThat(flag.at("/on").asBoolean()).isTrue();
                        assertThat(flag.at("/ramp").asString()).isEqualTo("12.5");
                    })
                    .anySatisfy(flag -> {
                        assertThat(flag.at("/flag").asString()).isEqualTo("user.legacy-off");
                        assertThat(flag.at("/on").asBoolean()).isFalse();
                    });
            assertThat(site.run("flags", "ramp", "user", "101").code()).isEqualTo(2);
        }
    }

    @Test
    void theRampGoesByTenantAndKeepsDoingSoUntilToldOtherwise() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.run("stage", "order", "--to", "dual-write");

            Ran set = site.run("flags", "ramp", "order", "5", "--by", "tenant", "--always", "acme", "--always", "b");
            Ran raised = site.run("flags", "ramp", "order", "10");
            JsonNode flags = site.run("flags", "--output", "json").json().at("/flags");
            Ran byColumn = site.run("flags", "ramp", "order", "10", "--by", "id", "--output", "json");
            Ran byKey = site.run("flags", "ramp", "order", "10", "--by", "key", "--output", "json");

            assertThat(set.code()).isZero();
            assertThat(set.out())
                    .contains(
                            "order: 5% of the tenants (by tenant) are read from the modern side in modern-read, and always acme, b.",
                            "order stands at dual-write, where the ramp does not count.");
            assertThat(raised.out()).contains("10% of the tenants (by tenant)", "always acme, b");
            assertThat(flags).anySatisfy(flag -> {
                assertThat(flag.at("/ramp").asString()).isEqualTo("10");
                assertThat(flag.at("/by").asString()).isEqualTo("tenant");
                assertThat(flag.at("/tenants").asString()).isEqualTo("acme,b");
            });
            assertThat(byColumn.json().at("/by").asString()).isEqualTo("id");
            assertThat(byColumn.json().at("/tenants")).isEmpty();
            assertThat(byKey.json().at("/by").asString()).isEqualTo("key");
            assertThat(site.run("flags", "ramp", "order", "5", "--by", "region").err())
                    .contains("'region'", "id, key, tenant");
        }
    }

    @Test
    void whatShadowReadsFoundIsShownAndForgotten() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.install();
            Ran none = site.run("shadow", "user");
            site.legacy()
                    .execute("insert into crossfade.shadow_mismatch values"
                            + " ('user', false, 'find', '{42}', '{email,full_name}', '{String(5)#aaaaaaaa,\"null\"}',"
                            + " '{String(6)#bbbbbbbb,String(3)#cccccccc}', 3, now(), now()),"
                            + " ('order', true, 'read', '{}', '{(result)}', '{Integer(1)#aaaaaaaa}',"
                            + " '{Integer(1)#bbbbbbbb}', 1, now(), now() - interval '1 h')");

            Ran all = site.run("shadow");
            Ran user = site.run("shadow", "user", "--output", "json");
            Ran limited = site.run("shadow", "--limit", "1");

            assertThat(none.code()).isZero();
            assertThat(none.out()).contains("have found no differences");
            assertThat(all.code()).isEqualTo(1);
            assertThat(all.out())
                    .contains("42", "String(5)#aaaaaaaa", "String(3)#cccccccc", "read (calibration)", "(result)");
            assertThat(user.code()).isEqualTo(1);
            assertThat(user.json().at("/total").asInt()).isEqualTo(1);
            assertThat(user.json().at("/mismatches/0/key/0").asString()).isEqualTo("42");
            assertThat(user.json().at("/mismatches/0/times").asInt()).isEqualTo(3);
            assertThat(user.json().at("/mismatches/0/fields/1/field").asString())
                    .isEqualTo("full_name");
            assertThat(user.json().at("/mismatches/0/fields/1/legacy").asString())
                    .isEqualTo("null");
            assertThat(limited.out()).contains("1 of 2 are shown");
            assertThat(site.run("shadow", "user", "--forget").code()).isZero();
            assertThat(site.run("shadow", "user").code()).isZero();
            assertThat(site.run("shadow", "order").code()).isEqualTo(1);
        }
    }

    @Test
    void whatTheLegacySideDoesNotBringBackIsShown() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.install();
            Ran none = site.run("lossy", "user");
            site.legacy()
                    .execute("insert into crossfade.lossy_write values"
                            + " ('user', '{42}', '{email,full_name}', '{String(5)#aaaaaaaa,String(3)#cccccccc}',"
                            + " '{String(6)#bbbbbbbb,\"null\"}', 'x', 3, now(), now(), now()),"
                            + " ('order', '{7}', '{total}', '{String(1)#aaaaaaaa}', '{String(3)#bbbbbbbb}', 'x', 1,"
                            + " now(), now() - interval '1 h', null)");

            Ran user = site.run("lossy", "user", "--output", "json");
            Ran spelled = site.run("lossy", "order");
            Ran forgotten = site.run("lossy", "--forget");
            site.legacy().execute("insert into crossfade.lossy_key values ('user', '{42}', '{email}', now())");
            Ran keys = site.run("lossy");

            assertThat(none.code()).isZero();
            assertThat(none.out()).contains("No save has been changed", "can give every modern row back");
            assertThat(user.code()).isEqualTo(1);
            assertThat(user.json().at("/totalWrites").asInt()).isEqualTo(1);
            assertThat(user.json().at("/writes/0/columns/1/column").asString()).isEqualTo("full_name");
            assertThat(user.json().at("/writes/0/times").asInt()).isEqualTo(3);
            assertThat(spelled.code()).isZero();
            assertThat(spelled.out()).contains("spelled differently", "String(3)#bbbbbbbb");
            assertThat(forgotten.out()).contains("2 saves are forgotten");
            assertThat(keys.code()).isEqualTo(1);
            assertThat(keys.out()).contains("cannot give back", "42", "email");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDifferenceIsNamedAndRepaired(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 30);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.modern()
                    .execute(
                            "update modern.accounts set full_name = 'Somebody Else' where account_id = 7",
                            "delete from modern.accounts where account_id = 8",
                            "insert into modern.accounts values (99, 'ghost@example.org', 'Ghost')");

            Ran found = site.run("verify", "user");
            Ran json = site.run("verify", "user", "--output", "json");

            assertThat(found.code()).isEqualTo(1);
            assertThat(found.out())
                    .contains("30 rows compared, 3 differences")
                    .contains("different")
                    .contains("full_name");
            assertThat(json.code()).isEqualTo(1);
            assertThat(json.json().at("/differences").asInt()).isEqualTo(3);
            assertThat(json.json().at("/verifications/0/records"))
                    .extracting(record -> record.at("/key/0").asString() + " "
                            + record.at("/kind").asString())
                    .containsExactlyInAnyOrder("7 different", "8 missing", "99 extra");
            Ran repaired = site.run("verify", "user", "--repair");
            assertThat(repaired.code()).isZero();
            assertThat(repaired.out()).contains("0 differences, 3 repaired");
            assertThat(site.run("verify", "--all").code()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissedWriteIsListedAndRetried(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 2);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.legacy().execute("update legacy.users set email = 'user1@example.org' where id = 2");
            site.noteIntents("user", "2");

            Ran once = site.run("worker", "--once", "--grace", "0s", "--output", "json");
            assertThat(once.code()).isEqualTo(1);
            assertThat(once.json().at("/newlyMissed").asInt()).isEqualTo(1);
            assertThat(once.json().at("/missedWritesLeft/user").asInt()).isEqualTo(1);
            Ran list = site.run("queue", "list", "user");
            assertThat(list.code()).isZero();
            assertThat(list.out()).contains("23505").contains("modern");
            JsonNode json = site.run("queue", "list", "--output", "json").json();
            assertThat(json.at("/missedTotal").asInt()).isEqualTo(1);
            assertThat(json.at("/missedWrites/0/key/0").asString()).isEqualTo("2");

            assertThat(site.run("queue", "retry", "user", "--key", "7").code()).isEqualTo(2);
            site.legacy().execute("update legacy.users set email = 'two@example.org' where id = 2");
            assertThat(site.run("queue", "retry", "user", "--key", "2").out()).contains("1 missed writes are due now.");
            assertThat(site.run("worker", "--once", "--grace", "0s").code()).isZero();
            assertThat(site.run("verify", "user").code()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedBackfillSaysHowToGoOnAndGoesOn(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 1_000);
            site.run("stage", "user", "--to", "dual-write");

            Ran interrupted = site.run(new AtOnce(), "backfill", "user", "--output", "json");

            assertThat(interrupted.code()).isEqualTo(1);
            assertThat(interrupted.json().at("/complete").asBoolean()).isFalse();
            assertThat(interrupted.err()).contains("Give the same command again to go on");
            Ran complete = site.run("backfill", "user", "--output", "json");
            assertThat(complete.code()).isZero();
            assertThat(complete.json().at("/complete").asBoolean()).isTrue();
            assertThat(site.run("backfill", "user").out()).contains("nothing to do");
        }
    }

    /** Requests the end before the command has begun. */
    private static final class AtOnce implements Termination {

        @Override
        public Registration calling(Runnable stop) {
            stop.run();
            return new Registration() {
                @Override
                public boolean isRequested() {
                    return true;
                }

                @Override
                public void close() {}
            };
        }
    }

    private static JsonNode gate(JsonNode gates, String name) {
        for (JsonNode gate : gates) {
            if (gate.at("/gate").asString().equals(name)) {
                return gate;
            }
        }
        throw new AssertionError("There is no gate " + name + " in " + gates);
    }

    private static String stageOf(Site site, String entity) {
        return entity(site.run("status", "--output", "json").json(), entity)
                .at("/stage")
                .asString();
    }

    private static JsonNode entity(JsonNode status, String name) {
        for (JsonNode entity : status.at("/entities")) {
            if (entity.at("/entity").asString().equals(name)) {
                return entity;
            }
        }
        throw new AssertionError("There is no " + name + " in " + status);
    }
}
