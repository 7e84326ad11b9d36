package dev.crossfade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.worker.Worker.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerIT {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatADeadInstanceLeftIsBroughtUpToDateParentsFirst(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write("pet", "insert into legacy.pets values (7, 1)", 7);
            sides.write("user", "insert into legacy.users values (1, 'ada'), (2, 'bob')", 1, 2);
            sides.write("user", "delete from legacy.users where id = 2", 2);

            Summary summary = sides.worker(Sides.AT_ONCE).drain();

            assertThat(summary.isLevel()).isTrue();
            assertThat(summary.applied()).isEqualTo(3);
            assertThat(sides.accounts()).containsExactly("1 ADA");
            assertThat(sides.pets()).containsExactly("7 1");
            assertThat(Intents.backlogs(sides.legacy().dsl())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMirrorIsTheLegacySideWhileTheModernOneDecides(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            AuthorityTable.put(sides.legacy().dsl(), "user", new Standing(Stage.MODERN_PRIMARY, 2));
            sides.modern().execute("insert into modern.accounts values (1, 'ADA')");
            Notes.append(sides.modern().dsl(), "user", List.of(RecordKey.of("1")));

            assertThat(sides.worker(Sides.AT_ONCE).drain().isLevel()).isTrue();

            assertThat(sides.legacy().dsl().fetchValue("select name from legacy.users where id = 1"))
                    .isEqualTo("ada");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowThatDoesNotFitIsMissedAndHoldsUpNoOther(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write(
                    "user",
                    "insert into legacy.users select i, case i when 5 then 'poison' else 'u' || i end from generate_series(1, 9) as i",
                    IntStream.rangeClosed(1, 9).toArray());

            Summary summary = sides.worker(Sides.AT_ONCE).drain();

            assertThat(summary.isLevel()).isFalse();
            assertThat(summary.newlyMissed()).isEqualTo(1);
            assertThat(summary.missedLeft()).isEqualTo(Map.of("user", 1));
            assertThat(sides.accounts()).hasSize(8);

            sides.legacy().execute("update legacy.users set name = 'cured' where id = 5");
            Operators.retry(sides.legacy().dsl(), "user");
            assertThat(sides.worker(Sides.AT_ONCE).drain().isLevel()).isTrue();
            assertThat(sides.accounts()).contains("5 CURED");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildWithoutItsParentIsDeferredAndReported(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write("pet", "insert into legacy.pets values (7, 1)", 7);

            Summary summary = sides.worker(Sides.AT_ONCE).drain();

            assertThat(summary.isLevel()).isFalse();
            assertThat(summary.deferred()).isEqualTo(1);
            assertThat(summary.missedLeft()).isEmpty();
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            assertThat(sides.worker(Sides.AT_ONCE).drain().isLevel()).isTrue();
            assertThat(sides.pets()).containsExactly("7 1");
        }
    }

    @Test
    void youngIntentsAreLeftToTheInstanceThatWroteThem() {
        try (Sides sides = Sides.create(false)) {
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);

            Summary summary = sides.worker(Sides.draining(Duration.ofMillis(20), Duration.ofHours(1)))
                    .drain();

            assertThat(summary.applied()).isZero();
            assertThat(sides.accounts()).isEmpty();
            assertThat(Intents.count(sides.legacy().dsl(), "user")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void severalWorkersShareTheWork(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write(
                    "user",
                    "insert into legacy.users select i, 'u' || i from generate_series(1, 3000) as i",
                    IntStream.rangeClosed(1, 3000).toArray());
            List<Worker> workers =
                    List.of(sides.worker(Sides.AT_ONCE), sides.worker(Sides.AT_ONCE), sides.worker(Sides.AT_ONCE));
            List<CompletableFuture<Void>> runs = new ArrayList<>();
            for (Worker worker : workers) {
                runs.add(CompletableFuture.runAsync(worker::run, OwnThread.EACH));
            }

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Intents.count(sides.legacy().dsl(), "user") == 0);
            workers.forEach(Worker::stop);

            assertThat(runs).allSatisfy(run -> assertThat(run).succeedsWithin(Duration.ofSeconds(20)));
            assertThat(sides.accounts()).hasSize(3000);
            assertThat(new MissedWrites(sides.legacy().dsl()).tallies()).isEmpty();
        }
    }

    @Test
    void anOutageOfTheMirrorCostsNothingAndEndsByItself() {
        try (StoppableServer server = StoppableServer.createDurable();
                TestDatabase modern = server.createDatabase();
                Sides sides = Sides.on(TestDatabases.create(), modern)) {
            server.stop();
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            Databases impatient = new Databases(sides.legacy().dataSource(), modern.newDataSource(pool -> {
                pool.setInitializationFailTimeout(-1);
                pool.setConnectionTimeout(500);
            }));
            Summary during = new Worker(impatient, Sides.MAPPINGS, Sides.AT_ONCE).drain();

            assertThat(during.isLevel()).isFalse();
            assertThat(during.troubles())
                    .singleElement()
                    .asString()
                    .contains("The modern side of user cannot be written")
                    .doesNotContain("Hikari");
            assertThat(during.missedLeft()).isEmpty();

            Worker worker = new Worker(impatient, Sides.MAPPINGS, Sides.AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run, OwnThread.EACH);
            server.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Intents.count(sides.legacy().dsl(), "user") == 0);
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(20));
            assertThat(sides.accounts()).containsExactly("1 ADA");
            assertThat(new MissedWrites(sides.legacy().dsl()).tallies()).isEmpty();
        }
    }

    @Test
    void whatFailedBeforeTheSweepIsSaidAfterItToo() {
        try (Sides sides = Sides.create(true)) {
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            sides.modern().execute("alter table modern.accounts rename to elsewhere");
            InterceptedDataSource legacy =
                    new InterceptedDataSource(sides.databases().legacy());
            AtomicBoolean sweeping = new AtomicBoolean();
            legacy.intercept(sql -> {
                // The first table that a sweep reads.
                if (sql.contains("\"crossfade\".\"backfill\"") && !sweeping.getAndSet(true)) {
                    sides.modern().execute("alter table modern.elsewhere rename to accounts");
                }
            });
            Databases connections = new Databases(legacy, sides.databases().modern());

            Summary summary = new Worker(connections, Sides.MAPPINGS, Sides.AT_ONCE).drain();

            assertThat(sweeping).isTrue();
            assertThat(summary.troubles())
                    .singleElement()
                    .asString()
                    .contains("The modern side of user cannot be written");
            assertThat(summary.deferred()).isZero();
            assertThat(summary.missedLeft()).isEmpty();
            assertThat(summary.isLevel()).isFalse();
        }
    }

    @Test
    void instancesThatHaveBeenGoneForLongAreForgotten() {
        try (Sides sides = Sides.create(false)) {
            Fleet fleet = new Fleet(sides.databases().dsl(Side.LEGACY));
            fleet.heartbeat(Instance.ofThisProcess("1"), Map.of("user", 1L), Map.of());
            fleet.heartbeat(Instance.ofThisProcess("2"), Map.of("user", 1L), Map.of());
            sides.legacy()
                    .execute(
                            "update crossfade.instance set expires_at = now() - interval '2 hours' where version = '1'");
            Worker worker = sides.worker(Sides.AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run, OwnThread.EACH);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sides.legacy()
                            .dsl()
                            .fetchValue("select string_agg(version, ',') from crossfade.instance")
                            .equals("2"));
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
