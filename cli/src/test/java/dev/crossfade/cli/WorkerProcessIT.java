package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.queue.Intents;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Workers in their own processes: killed, told to stop, asked for their health. */
class WorkerProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void whatAKilledWorkerWasAtIsFinishedByAnotherOne() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.insertUsers(1, 30_000);
            site.run("stage", "user", "--to", "dual-write");
            site.noteIntents(
                    "user",
                    IntStream.rangeClosed(1, 30_000).mapToObj(Integer::toString).toArray(String[]::new));
            try (Running first = start(site)) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> accounts(site) > 0);
                first.kill();
            }
            assertThat(Intents.count(site.legacy().dsl(), "user")).isPositive();

            try (Running second = start(site)) {
                await().atMost(PATIENCE).until(() -> Intents.count(site.legacy().dsl(), "user") == 0);
                assertThat(second.terminate().finish().code()).isZero();
            }
            assertThat(accounts(site)).isEqualTo(30_000);
            assertThat(site.run("verify", "user").code()).isZero();
        }
    }

    @Test
    void aWorkerThatCannotFinishEndsWhenItsTimeIsOver() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE);
                TestDatabase.Session session = site.legacy().session()) {
            site.install();
            session.execute("begin");
            session.execute("lock table crossfade.verification in access exclusive mode");
            try (Running worker = site.start("worker", "--stop-within", "4s")) {
                await().atMost(PATIENCE)
                        .until(() -> site.legacy()
                                .dsl()
                                .fetchValue(
                                        "select count(*) from crossfade.scheduled_tasks where task_name = 'retention history' and picked")
                                .equals(1L));

                Ran ended = worker.terminate().finish();

                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.err())
                        .contains("not finished within 4000 ms: retention history. Nothing is lost")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void itWaitsForDatabasesThatAreDownAndAnswersForItsHealthThroughOutages() {
        try (StoppableServer server = StoppableServer.createDurable();
                TestDatabase database = server.createDatabase();
                Site site = Site.on(folder, database, database)) {
            site.run("stage", "user", "--to", "dual-write");
            server.stop();
            try (Running worker = site.start(
                    "worker", "--http", "0", "--log-format", "json", "--interval", "50ms", "--heartbeat", "500ms")) {
                worker.awaitErr("Health and metrics are at http://127.0.0.1:");
                String url = url(worker);
                await().atMost(PATIENCE)
                        .until(() -> get(url + "/health").body().contains("cannot be reached: connection refused"));
                assertThat(get(url + "/health").statusCode()).isEqualTo(503);

                server.start();
                awaitStatus(url, 200);
                awaitMetric(url, "crossfade_intents{entity=\"user\"} 0.0");
                awaitMetric(url, "crossfade_worker_jobs_seconds_count{job=\"drain\",outcome=\"done\"}");

                server.stop();
                awaitStatus(url, 503);
                assertThat(get(url + "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(url + "/elsewhere").statusCode()).isEqualTo(404);
                assertThat(send(HttpRequest.newBuilder(URI.create(url + "/health"))
                                        .POST(BodyPublishers.noBody()))
                                .statusCode())
                        .isEqualTo(405);
                worker.awaitErr("database cannot be used");

                server.start();
                awaitStatus(url, 200);
                site.insertUsers(1, 3);
                site.noteIntents("user", "1", "2", "3");
                await().atMost(PATIENCE).until(() -> accounts(site) == 3);
                awaitMetric(url, "crossfade_reconciled_total{entity=\"user\",side=\"modern\"} 3.0");

                Ran ended = worker.terminate().finish();
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.err().lines())
                        .allSatisfy(line ->
                                assertThat(JSON.readTree(line).propertyNames()).contains("time", "level", "message"));
                assertThat(ended.err().lines().filter(line -> line.contains("database cannot be used")))
                        .hasSize(1);
                assertThat(ended.err().lines().filter(line -> line.contains("database works again")))
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onceDoesWhatIsDueAndSaysWhatItSwept(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 20);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.modern().execute("delete from modern.accounts where account_id = 7");

            Ran first = site.run("worker", "--once", "--output", "json");
            Ran second = site.run("worker", "--once", "--output", "json");
            JsonNode status = site.run("status", "--output", "json").json().at("/entities");

            assertThat(first.code()).isZero();
            assertThat(first.json().at("/sweeps/0").toString())
                    .isEqualTo("{\"entity\":\"user\",\"rows\":20,\"found\":1,\"repaired\":1,\"complete\":true}");
            assertThat(accounts(site)).isEqualTo(20);
            assertThat(second.json().at("/sweeps")).isEmpty();
            assertThat(status).anySatisfy(entity -> {
                assertThat(entity.at("/sweep/found").asInt()).isEqualTo(1);
                assertThat(entity.at("/sweep/foundPerMillion").asDouble()).isEqualTo(50_000);
            });
            assertThat(site.run("status").out()).contains("1 found (50,000 per million)");
        }
    }

    @Test
    void onceSaysWhatItFailedOfAndThatCounts() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.insertUsers(1, 1);
            site.run("stage", "user", "--to", "dual-write");
            site.noteIntents("user", "1");
            site.modern().execute("""
                    create function refuse() returns trigger language plpgsql as $$
                    begin raise exception 'no space left' using errcode = '53100'; end $$;
                    create trigger refuse before insert on modern.accounts execute function refuse()
                    """);

            Ran once = site.run("worker", "--once", "--grace", "0s", "--output", "json");

            assertThat(once.code()).isEqualTo(1);
            assertThat(once.json().at("/troubles/0").asString()).contains("The modern side of user cannot be written");
            assertThat(once.json().at("/missedWritesLeft").isEmpty()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE);
                Running worker = site.start("worker", "--http", "0")) {
            worker.awaitErr("Health and metrics are at");
            String url = url(worker);

            Ran refused = site.run("worker", "--http", url.substring("http://".length()));

            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("Nobody can listen on 127.0.0.1:")
                    .contains("Give --http another");
        }
    }

    private static Running start(Site site) {
        return site.start("worker", "--grace", "0s", "--interval", "50ms", "--heartbeat", "300ms");
    }

    private static long accounts(Site site) {
        return ((Number) site.modern().dsl().fetchValue("select count(*) from modern.accounts")).longValue();
    }

    private static String url(Running worker) {
        return worker.err().replaceFirst("(?s).*(http://127[.]0[.]0[.]1:[0-9]+).*", "$1");
    }

    private static void awaitStatus(String url, int status) {
        await().atMost(PATIENCE).until(() -> get(url + "/health").statusCode() == status);
    }

    private static void awaitMetric(String url, String start) {
        await("the metric " + start)
                .atMost(PATIENCE)
                .until(() -> !metric(url, start).isEmpty());
    }

    private static String metric(String url, String part) {
        return get(url + "/metrics")
                .body()
                .lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElse("");
    }

    private static HttpResponse<String> get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
