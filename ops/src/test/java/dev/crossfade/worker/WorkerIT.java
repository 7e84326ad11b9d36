package dev.crossfade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.worker.Worker.Settings;
import dev.crossfade.worker.Worker.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerIT {

    private static final Settings AT_ONCE = new Settings(Duration.ofMillis(20), Duration.ZERO);
    private static final Column ID = new Column("id", "integer");
    private static final Column NAME = new Column("name", "text");
    private static final Column OWNER = new Column("owner", "integer");
    private static final TableMapping USER = TableMapping.table("user")
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(ID, ID)
            .project(NAME, "upper(name)")
            .restore(NAME, "lower(name)")
            .build();
    private static final TableMapping PET = TableMapping.table("pet")
            .legacy("legacy", "pets")
            .modern("modern", "pets")
            .key(ID, ID)
            .project(OWNER, "owner")
            .restore(OWNER, "owner")
            .parent("user")
            .build();
    private static final List<TableMapping> MAPPINGS = List.of(USER, PET);

    /** Two schemas of users and their pets, at dual-write. */
    private record Sides(TestDatabase legacy, TestDatabase modern) implements AutoCloseable {

        static Sides create(boolean twoDatabases) {
            TestDatabase legacy = TestDatabases.create();
            return on(legacy, twoDatabases ? TestDatabases.create() : legacy);
        }

        static Sides on(TestDatabase legacy, TestDatabase modern) {
            legacy.execute(
                    "create schema legacy",
                    "create table legacy.users (id int primary key, name text)",
                    "create table legacy.pets (id int primary key, owner int)");
            modern.execute(
                    "create schema modern",
                    "create table modern.accounts (id int primary key, name text check (name <> 'POISON'))",
                    "create table modern.pets (id int primary key, owner int references modern.accounts)");
            Sides sides = new Sides(legacy, modern);
            ControlSchema.install(sides.databases());
            for (TableMapping mapping : MAPPINGS) {
                AuthorityTable.put(legacy.dsl(), mapping.entity(), new Standing(Stage.DUAL_WRITE, 1));
            }
            return sides;
        }

        Databases databases() {
            return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
        }

        void write(String entity, String sql, int... keys) {
            legacy.execute(sql);
            Intents.append(
                    legacy.dsl(),
                    entity,
                    IntStream.of(keys)
                            .mapToObj(key -> RecordKey.of(Integer.toString(key)))
                            .toList());
        }

        List<String> accounts() {
            return modern.dsl()
                    .fetch("select id || ' ' || name from modern.accounts order by id")
                    .getValues(0, String.class);
        }

        List<String> pets() {
            return modern.dsl()
                    .fetch("select id || ' ' || owner from modern.pets order by id")
                    .getValues(0, String.class);
        }

        Worker worker(Settings settings) {
            return new Worker(databases(), MAPPINGS, settings);
        }

        @Override
        public void close() {
            legacy.close();
            if (legacy != modern) {
                modern.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatADeadInstanceLeftIsBroughtUpToDateParentsFirst(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write("pet", "insert into legacy.pets values (7, 1)", 7);
            sides.write("user", "insert into legacy.users values (1, 'ada'), (2, 'bob')", 1, 2);
            sides.write("user", "delete from legacy.users where id = 2", 2);

            Summary summary = sides.worker(AT_ONCE).drain();

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
            Intents.append(sides.modern().dsl(), "user", List.of(RecordKey.of("1")));

            assertThat(sides.worker(AT_ONCE).drain().isLevel()).isTrue();

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

            Summary summary = sides.worker(AT_ONCE).drain();

            assertThat(summary.isLevel()).isFalse();
            assertThat(summary.newlyMissed()).isEqualTo(1);
            assertThat(summary.missedLeft()).isEqualTo(Map.of("user", 1));
            assertThat(sides.accounts()).hasSize(8);

            sides.legacy().execute("update legacy.users set name = 'cured' where id = 5");
            new MissedWrites(sides.legacy().dsl()).retry(Optional.of("user"), Optional.empty());
            assertThat(sides.worker(AT_ONCE).drain().isLevel()).isTrue();
            assertThat(sides.accounts()).contains("5 CURED");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildWithoutItsParentIsDeferredAndReported(boolean twoDatabases) {
        try (Sides sides = Sides.create(twoDatabases)) {
            sides.write("pet", "insert into legacy.pets values (7, 1)", 7);

            Summary summary = sides.worker(AT_ONCE).drain();

            assertThat(summary.isLevel()).isFalse();
            assertThat(summary.deferred()).isEqualTo(1);
            assertThat(summary.missedLeft()).isEmpty();
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);
            assertThat(sides.worker(AT_ONCE).drain().isLevel()).isTrue();
            assertThat(sides.pets()).containsExactly("7 1");
        }
    }

    @Test
    void youngIntentsAreLeftToTheInstanceThatWroteThem() {
        try (Sides sides = Sides.create(false)) {
            sides.write("user", "insert into legacy.users values (1, 'ada')", 1);

            Summary summary = sides.worker(new Settings(Duration.ofMillis(20), Duration.ofHours(1)))
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
            List<Worker> workers = List.of(sides.worker(AT_ONCE), sides.worker(AT_ONCE), sides.worker(AT_ONCE));
            List<CompletableFuture<Void>> runs = new ArrayList<>();
            for (Worker worker : workers) {
                runs.add(CompletableFuture.runAsync(worker::run));
            }

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Intents.count(sides.legacy().dsl(), "user") == 0);
            workers.forEach(Worker::stop);

            assertThat(runs).allSatisfy(run -> assertThat(run).succeedsWithin(Duration.ofSeconds(20)));
            assertThat(sides.accounts()).hasSize(3000);
            assertThat(new MissedWrites(sides.legacy().dsl()).counts()).isEmpty();
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
            Summary during = new Worker(impatient, MAPPINGS, AT_ONCE).drain();

            assertThat(during.isLevel()).isFalse();
            assertThat(during.troubles())
                    .singleElement()
                    .asString()
                    .contains("The modern side of user cannot be written")
                    .doesNotContain("Hikari");
            assertThat(during.missedLeft()).isEmpty();

            Worker worker = new Worker(impatient, MAPPINGS, AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run);
            server.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Intents.count(sides.legacy().dsl(), "user") == 0);
            worker.stop();

            assertThat(run).succeedsWithin(Duration.ofSeconds(20));
            assertThat(sides.accounts()).containsExactly("1 ADA");
            assertThat(new MissedWrites(sides.legacy().dsl()).counts()).isEmpty();
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
            Worker worker = sides.worker(AT_ONCE);
            CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run);

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
