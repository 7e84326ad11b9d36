package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What an operator decides about missed writes, and what is recorded of it. */
class QueueIT {

    @TempDir
    private Path folder;

    @Test
    void missedWritesAreChosenByEntityKeyAndClassOfErrors() {
        try (Site site = site()) {
            miss(site, "user", "22001", "1");
            miss(site, "user", "23505", "2");
            miss(site, "order", "23503", "7", "EUR");

            assertThat(total(site, "queue", "list")).isEqualTo(3);
            assertThat(total(site, "queue", "list", "user")).isEqualTo(2);
            assertThat(total(site, "queue", "list", "--error", "23")).isEqualTo(2);
            assertThat(total(site, "queue", "list", "--error", "poison")).isEqualTo(2);
            assertThat(total(site, "queue", "list", "--error", "waits-for-parent"))
                    .isOne();
            assertThat(total(site, "queue", "list", "order", "--key", "7", "--key", "EUR"))
                    .isOne();
            assertThat(total(site, "queue", "list", "order", "--key", "7")).isZero();
            assertThat(site.run("queue", "list", "--key", "7").code()).isEqualTo(2);
            assertThat(site.run("queue", "list", "--error", "broken").err())
                    .contains("'broken' is no class of errors", "waits-for-parent");
            assertThat(site.run("queue", "list", "nobody").err()).contains("There is no entity 'nobody'");
        }
    }

    @Test
    void eachActionIsRecordedWithWhoAndWhyAndShownWithItsKeys() {
        try (Site site = site()) {
            miss(site, "user", "22001", "1");
            miss(site, "user", "22001", "2");
            miss(site, "order", "23503", "7", "EUR");

            Ran parked =
                    site.run("queue", "park", "user", "--reason", "ticket 4711", "--by", "ada", "--output", "json");
            assertThat(parked.json().at("/keys").asInt()).isEqualTo(2);
            assertThat(site.run("queue", "park", "user", "--key", "1").err()).contains("not parked yet");
            assertThat(user(site).at("/missedWrites/parked").asInt()).isEqualTo(2);
            assertThat(site.run("queue", "retry", "order", "--key", "7", "--key", "EUR")
                            .out())
                    .contains("1 missed writes are due now.");

            JsonNode one = site.run("queue", "show", "user", "--key", "2", "--output", "json")
                    .json();
            assertThat(one.at("/missed/parked").asBoolean()).isTrue();
            assertThat(one.at("/missed/sqlState").asString()).isEqualTo("22001");
            assertThat(one.at("/actions")).hasSize(1);
            assertThat(one.at("/actions/0/action").asString()).isEqualTo("park");
            assertThat(one.at("/actions/0/by").asString()).isEqualTo("ada");
            assertThat(one.at("/actions/0/reason").asString()).isEqualTo("ticket 4711");
            assertThat(one.at("/actions/0/entity").asString()).isEqualTo("user");
            assertThat(one.at("/actions/0/keys").asInt()).isEqualTo(2);
            JsonNode composite = site.run("queue", "show", "order", "--key", "7", "--key", "EUR", "--output", "json")
                    .json();
            assertThat(composite.at("/actions/0/action").asString()).isEqualTo("retry");
            assertThat(composite.at("/actions/0/by").asString()).isEqualTo(System.getProperty("user.name"));
            assertThat(site.run("queue", "show", "user", "--key", "9").out()).contains("missed write none");
            assertThat(site.run("queue", "history", "--output", "json").json().at("/actions"))
                    .extracting(action -> action.at("/action").asString())
                    .containsExactly("retry", "park");
            assertThat(site.run("queue", "history", "order").out())
                    .contains("retry")
                    .doesNotContain("park");
            assertThat(site.run("queue", "history", "user").out()).contains("park", "ada", "ticket 4711");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDiscardedKeyIsForgottenWithAReasonAndFoundAgainByVerification(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 3);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.legacy().execute("update legacy.users set email = 'user1@example.org' where id in (2, 3)");
            site.noteIntents("user", "2", "3");
            site.run("worker", "--once", "--grace", "0s");

            assertThat(site.run("queue", "discard", "user", "--key", "2").err()).contains("needs --reason");
            Ran both = site.run("queue", "discard", "user", "--reason", "test records");
            assertThat(both.code()).isEqualTo(2);
            assertThat(both.err()).contains("2 keys are meant, and nothing was done", "--several");
            assertThat(total(site, "queue", "list", "user")).isEqualTo(2);
            assertThat(site.run("queue", "history").out()).doesNotContain("discard");
            assertThat(site.run("queue", "discard", "user", "--key", "2", "--reason", "a test record")
                            .code())
                    .isZero();
            assertThat(site.run("queue", "discard", "user", "--several", "--reason", "all of them", "--output", "json")
                            .json()
                            .at("/keys")
                            .asInt())
                    .isOne();
            assertThat(total(site, "queue", "list", "user")).isZero();

            assertThat(site.run("verify", "user").out()).contains("2 differences");
            JsonNode shown = site.run("queue", "show", "user", "--key", "2", "--output", "json")
                    .json();
            assertThat(shown.at("/difference").asString()).containsIgnoringCase("different in email");
            assertThat(shown.at("/actions/0/reason").asString()).isEqualTo("a test record");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsQueuedOfAnEntityThatNobodyKnowsIsShown(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.run("stage", "user", "--to", "dual-write");
            site.noteIntents("newer", "1", "2");
            miss(site, "newest", "22001", "5");

            Ran text = site.run("status");
            JsonNode status = site.run("status", "--output", "json").json();

            assertThat(text.out()).contains("newer has no stage here").contains("newest has no stage here");
            assertThat(status.at("/unknown/0/entity").asString()).isEqualTo("newer");
            assertThat(status.at("/unknown/0/backlog/intents").asInt()).isEqualTo(2);
            assertThat(status.at("/unknown/1/missedWrites/count").asInt()).isOne();
            assertThat(status.at("/databases/0/intentBytes").asLong()).isPositive();
            assertThat(site.run("queue", "list").out()).contains("newer", "newest");
            assertThat(site.run("queue", "discard", "newest", "--reason", "gone")
                            .code())
                    .isZero();
            assertThat(site.run("queue", "show", "newer", "--key", "1", "--output", "json")
                            .json()
                            .at("/intents/intents")
                            .asInt())
                    .isOne();
            site.run("worker", "--once", "--grace", "0s");
            assertThat(site.run("queue", "list", "newer").out()).containsPattern("newer +2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void captureIsInstalledShownAndRemoved(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.run("stage", "user", "--to", "dual-write");

            Ran installed = site.run("capture", "install", "user");
            assertThat(installed.err()).isEmpty();
            assertThat(installed.out()).contains("legacy.users", "modern.accounts", "installed");
            site.insertUsers(1, 3);
            assertThat(user(site).at("/capture").asString()).isEqualTo("installed");
            assertThat(user(site).at("/backlog/intents").asInt()).isEqualTo(3);
            assertThat(site.run("capture", "status").code()).isZero();
            site.legacy().execute("alter table legacy.users disable trigger capture_legacy_user_update");
            assertThat(user(site).at("/capture").asString()).isEqualTo("incomplete");
            assertThat(site.run("capture", "status").code()).isEqualTo(1);
            assertThat(site.run("capture", "install", "user", "--output", "json")
                            .json()
                            .at("/captures"))
                    .allMatch(one -> one.at("/whole").asBoolean());
            site.run("worker", "--once", "--grace", "0s");
            assertThat(site.run("verify", "user").code()).isZero();

            assertThat(site.run("capture", "remove", "user").out()).contains("No capture is installed.");
            assertThat(site.run("capture", "remove", "user").code()).isEqualTo(2);
            assertThat(user(site).at("/capture").isNull()).isTrue();
            assertThat(site.run("capture", "install", "nobody").code()).isEqualTo(2);
        }
    }

    private Site site() {
        Site site = Site.create(folder, Topology.ONE_DATABASE);
        site.run("stage", "user", "order", "--to", "dual-write");
        return site;
    }

    private static void miss(Site site, String entity, String state, String... key) {
        new MissedWrites(site.legacy().dsl())
                .missed(entity, RecordKey.of(key), Side.MODERN, new SQLException("it does not fit", state));
    }

    private static int total(Site site, String... arguments) {
        String[] json = Arrays.copyOf(arguments, arguments.length + 2);
        json[arguments.length] = "--output";
        json[arguments.length + 1] = "json";
        return site.run(json).json().at("/missedTotal").asInt();
    }

    private static JsonNode user(Site site) {
        for (JsonNode entity : site.run("status", "--output", "json").json().at("/entities")) {
            if (entity.at("/entity").asString().equals("user")) {
                return entity;
            }
        }
        throw new AssertionError("There is no user");
    }
}
