package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.EntityTables;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.model.RecordKey;
import dev.crossfade.testing.LongForm;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.worker.Worker;
import dev.crossfade.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** After its contract migration an entity is done, and the others continue in every respect. */
class ContractionIT {

    private static final int DONE = 0;
    private static final int MISUSE = 2;
    private static final int REFUSED = 3;

    private static final String MAPPING = """
            entities:
              part: { legacy: legacy.part, modern: modern.part, key: [id], project: { size: size }, restore: { size: size } }
              box: { legacy: legacy.box, modern: modern.box, key: [id], project: { size: size }, restore: { size: size } }
            """;

    private static final String HEAD = """
            -- crossfade: phase=contract
            -- crossfade: side=legacy
            -- crossfade: entity=%s
            """;

    @TempDir
    private Path folder;

    /** Boxes refer to parts on the legacy side only, so that contracting the parts drops a foreign key of the boxes. */
    private Site site(Topology topology) {
        Site site = Site.create(folder, topology);
        site.legacy()
                .execute(
                        "create table legacy.part (id int primary key, size text)",
                        "insert into legacy.part select i, i::text from generate_series(1, 20) i",
                        "create table legacy.box (id int primary key references legacy.part, size text)",
                        "insert into legacy.box select i, i::text from generate_series(1, 20) i");
        site.modern()
                .execute(
                        "create table modern.part (id int primary key, size text)",
                        "create table modern.box (id int primary key, size text)");
        site.write("crossfade.yaml", MAPPING);
        return site;
    }

    private static Ran succeeds(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isEqualTo(DONE);
        return ran;
    }

    private static Ran isRefused(Site site, String... arguments) {
        Ran ran = site.run(arguments);
        assertThat(ran.code()).describedAs(ran.out() + ran.err()).isEqualTo(REFUSED);
        return ran;
    }

    private static void forced(Site site, String entity, String stage) {
        succeeds(site, "stage", entity, "--to", stage, "--force", "--reason", "a test");
    }

    private static void contract(Site site, String entity) {
        site.write(
                "migrations/V1__drop.up.sql",
                HEAD.formatted(entity) + "drop table legacy.%s cascade;".formatted(entity));
        succeeds(site, "migrate", "up");
    }

    private static void copied(Site site) {
        succeeds(site, "stage", "part", "box", "--to", "dual-write");
        succeeds(site, "backfill", "part", "box");
    }

    private static long count(TestDatabase database, String from) {
        return Long.parseLong(String.valueOf(database.dsl().fetchValue("select count(*) from " + from)));
    }

    /** Registers the mappings of services that were built when both tables existed. */
    private static void servedByAFleet(Site site) {
        ControlSchema.install(site.databases());
        for (TableMapping mapping : MappingFile.load(site.write("crossfade.yaml", MAPPING), site.databases())) {
            EntityTables.register(site.databases(), mapping.entity(), mapping.tables());
            AuthorityTable.adoptMapping(site.databases().controlDsl(), mapping.entity(), mapping.fingerprint());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, part, box",
        "ONE_DATABASE, box, part",
        "TWO_DATABASES, part, box",
        "TWO_DATABASES, box, part"
    })
    void theOtherEntitiesGoOnInEveryRespect(Topology topology, String done, String other) {
        try (Site site = site(topology)) {
            servedByAFleet(site);
            copied(site);
            succeeds(site, "capture", "install", "part", "box");
            site.moveTo("modern-only", done);
            site.moveTo("modern-read", other);

            contract(site, done);

            assertThat(succeeds(site, "verify", other).out()).contains(other + ": 20 rows compared, 0 differences");
            Ran all = succeeds(site, "verify", "--all");
            assertThat(all.out()).contains(other + ": 20 rows compared").doesNotContain(done + ":");
            assertThat(all.err()).contains(done + " is contracted: migration 1 has taken its legacy structures away.");
            site.legacy().execute("update legacy.%s set size = 'new' where id < 8".formatted(other));
            Ran worker = succeeds(site, "worker", "--once", "--grace", "0s");
            assertThat(worker.out()).contains("7 keys applied");
            assertThat(worker.err()).contains(done + " is contracted");
            assertThat(count(site.modern(), "modern.%s where size = 'new'".formatted(other)))
                    .isEqualTo(7);
            assertThat(succeeds(site, "capture", "status").err()).contains("crossfade capture remove " + done);
            succeeds(site, "capture", "install", other);
            Ran status = succeeds(site, "status");
            assertThat(status.out()).contains("contracted", "left over");
            JsonNode json = succeeds(site, "status", "--output", "json").json();
            assertThat(json.at("/mapping/problem").isNull()).isTrue();
            json.get("entities").forEach(entity -> {
                boolean isDone = entity.get("entity").asString().equals(done);
                assertThat(entity.get("contracted").isNull()).isEqualTo(!isDone);
                assertThat(entity.get("stage").asString()).isEqualTo(isDone ? "modern-only" : "modern-read");
            });
            succeeds(site, "check");
            succeeds(site, "stage", "part", "box");
            succeeds(site, "flags");

            succeeds(site, "verify", other);
            forced(site, other, "modern-primary");
            site.modern().execute("update modern.%s set size = 'newer' where id < 4".formatted(other));
            succeeds(site, "worker", "--once", "--grace", "0s");
            assertThat(count(site.legacy(), "legacy.%s where size = 'newer'".formatted(other)))
                    .isEqualTo(3);
            succeeds(site, "stage", other, "--to", "modern-read");
            forced(site, other, "modern-primary");
            forced(site, other, "modern-only");
            forced(site, other, "modern-primary");
            succeeds(site, "verify", other, "--repair");
            for (String step : List.of("modern-read", "shadow-read", "dual-write", "legacy-only")) {
                succeeds(site, "stage", other, "--to", step);
            }
            assertThat(succeeds(site, "status").out()).contains("legacy-only");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, part, box",
        "ONE_DATABASE, box, part",
        "TWO_DATABASES, part, box",
        "TWO_DATABASES, box, part"
    })
    void bothAreContractedOneAfterTheOther(Topology topology, String first, String second) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", first);
            contract(site, first);
            site.moveTo("modern-only", second);
            site.write(
                    "migrations/V2__drop.up.sql",
                    HEAD.formatted(second) + "drop table legacy.%s cascade;".formatted(second));
            succeeds(site, "migrate", "up");

            assertThat(succeeds(site, "status").out()).doesNotContain("modern-only");
            Ran worker = succeeds(site, "worker", "--once");
            assertThat(worker.err()).contains("part is contracted", "box is contracted");
            succeeds(site, "verify", "--all");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thereIsNothingToDoForIt(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            contract(site, "box");

            for (List<String> command : List.of(
                    List.of("verify", "box"), List.of("backfill", "box"), List.of("capture", "install", "box"))) {
                Ran ran = succeeds(site, command.toArray(String[]::new));
                assertThat(ran.err()).contains("box is contracted").doesNotContain("left out");
            }
            Ran check = succeeds(site, "check", "box");
            assertThat(check.out()).contains("Contracted, and not looked at: box.");
            assertThat(isRefused(site, "recover", "box").err()).contains("box is contracted");
            for (String[] back : new String[][] {
                {"stage", "box", "--to", "modern-primary"},
                {"stage", "box", "--to", "modern-primary", "--force", "--reason", "a test"},
                {"stage", "box", "part", "--to", "legacy-only"}
            }) {
                assertThat(isRefused(site, back).err())
                        .contains("box is contracted: migration 1 has taken its legacy structures away.")
                        .contains("crossfade finish box", "crossfade migrate down");
            }
            assertThat(succeeds(site, "stage", "box").out())
                    .contains("It is contracted since ", "crossfade finish box")
                    .doesNotContain("Step back");
            site.write(
                    "crossfade.yaml",
                    MAPPING.lines().filter(line -> !line.contains("box:")).reduce("", (a, b) -> a + b + "\n"));
            succeeds(site, "verify", "--all");
            assertThat(succeeds(site, "status").out()).contains("contracted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void itWaitsForIntentsAndMissedWrites(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            Notes.append(site.modern().dsl(), "box", List.of(RecordKey.of("1"), RecordKey.of("2")));
            site.noteIntents("part", "1");
            site.legacy().execute("""
                    insert into crossfade.missed_write (entity, key, mirror, attempts, sql_state, message, next_try_at)
                    values ('box', '{3}', 'LEGACY', 1, '23505', 'a test', now())
                    """);
            site.write("migrations/V1__more.up.sql", "alter table modern.box add column more int;");
            site.write("migrations/V2__drop.up.sql", HEAD.formatted("box") + "drop table legacy.box;");
            site.write("migrations/V3__later.up.sql", "alter table modern.box add column later int;");

            Ran first = succeeds(site, "migrate", "up");
            assertThat(first.out()).contains("applied 1 (more)").doesNotContain("applied 2", "applied 3");
            assertThat(first.err())
                    .contains(
                            "2 (drop), a contract migration, and what follows it are left for later", "2 intents wait");
            Ran refused = isRefused(site, "migrate", "up");
            assertThat(refused.err())
                    .contains("2 intents wait, and 0 are allowed", "crossfade queue discard box --intents")
                    .contains("1 missed writes are left", "crossfade queue list box");
            isRefused(site, "migrate", "up", "--to", "3");

            assertThat(isRefused(site, "queue", "discard", "part", "--intents", "--reason", "a test")
                            .err())
                    .contains("part stands at dual-write");
            assertThat(site.run("queue", "discard", "box", "--intents").code()).isEqualTo(MISUSE);
            assertThat(site.run("queue", "discard", "--intents", "--reason", "a test")
                            .code())
                    .isEqualTo(MISUSE);
            assertThat(succeeds(site, "queue", "discard", "box", "--intents", "--reason", "a test")
                            .out())
                    .contains("2 intents are dropped.");
            assertThat(succeeds(site, "queue", "history", "box").out()).contains("discard", "a test");
            assertThat(isRefused(site, "migrate", "up").err()).doesNotContain("intents wait");
            succeeds(site, "queue", "discard", "box", "--reason", "a test");

            assertThat(succeeds(site, "migrate", "up").out()).contains("applied 2 (drop)", "applied 3 (later)");
            assertThat(succeeds(site, "status").out()).contains("contracted");
        }
    }

    /** The other solution: the legacy side gets what was noted for it. */
    @ParameterizedTest
    @EnumSource
    void whatIsNotedCanBeAppliedBefore(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            site.modern().execute("update modern.box set size = 'late' where id = 1");
            Notes.append(site.modern().dsl(), "box", List.of(RecordKey.of("1")));
            site.write("migrations/V1__drop.up.sql", HEAD.formatted("box") + "drop table legacy.box;");
            isRefused(site, "migrate", "up");

            forced(site, "box", "modern-primary");
            succeeds(site, "worker", "--once", "--grace", "0s");
            assertThat(count(site.legacy(), "legacy.box where size = 'late'")).isEqualTo(1);
            forced(site, "box", "modern-only");

            succeeds(site, "migrate", "up");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LongForm
    void itWaitsForInstancesThatHaveNotAppliedTheStage(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            Fleet fleet = new Fleet(site.databases().controlDsl());
            Instance behind = new Instance(UUID.randomUUID(), "host/1", "1");
            fleet.heartbeat(behind, Map.of("box", 1L), Map.of());
            site.write("migrations/V1__drop.up.sql", HEAD.formatted("box") + "drop table legacy.box;");

            assertThat(isRefused(site, "migrate", "up").err())
                    .contains("1 live instances have not applied stage modern-only yet: host/1");
            fleet.leave(behind);
            succeeds(site, "migrate", "up");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LongForm
    void whoRevertsTheMigrationHasALegacySideAgainWhichIsEmpty(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            site.write("migrations/V1__drop.down.sql", "create table legacy.box (id int primary key, size text);");
            contract(site, "box");

            succeeds(site, "migrate", "down");

            assertThat(succeeds(site, "status").out()).contains("modern-only").doesNotContain("contracted");
            succeeds(site, "stage", "box", "--to", "modern-primary");
            Ran back = isRefused(site, "stage", "box", "--to", "modern-read");
            assertThat(back.err()).contains("Gate 'verification clean' is closed for box");
            succeeds(site, "verify", "box", "--repair");
            assertThat(count(site.legacy(), "legacy.box")).isEqualTo(20);
            succeeds(site, "stage", "box", "--to", "modern-read");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LongForm
    void whatFailsBeforeAnythingIsGoneContractsNothing(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            site.write("migrations/V1__drop.up.sql", HEAD.formatted("box") + "drop table legacy.box;\nselect 1 / 0;");
            assertThat(site.run("migrate", "up").code()).isEqualTo(1);
            forced(site, "box", "modern-primary");
            forced(site, "box", "modern-only");

            site.write(
                    "migrations/V1__drop.up.sql",
                    HEAD.formatted("box") + "drop index concurrently legacy.none;\ndrop table legacy.box;");
            assertThat(site.run("migrate", "up").code()).isEqualTo(1);
            assertThat(succeeds(site, "status").out()).doesNotContain("contracted");
            forced(site, "box", "modern-primary");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsHalfDoneHasNoWayBackAndIsFinishedByTheNextRun(Topology topology) {
        try (Site site = site(topology)) {
            site.legacy().execute("create index box_size on legacy.box (size)");
            copied(site);
            site.moveTo("modern-only", "box");
            String begun = HEAD.formatted("box") + "drop index concurrently legacy.box_size;\n";
            site.write("migrations/V1__drop.up.sql", begun + "drop table legacy.bocks;");
            assertThat(site.run("migrate", "up").code()).isEqualTo(1);

            assertThat(isRefused(site, "stage", "box", "--to", "modern-primary", "--force", "--reason", "a test")
                            .err())
                    .contains("box is contracted");
            succeeds(site, "verify", "--all");
            site.write("migrations/V1__drop.up.sql", begun + "drop table legacy.box;");
            succeeds(site, "migrate", "up");
            assertThat(succeeds(site, "status").out()).contains("contracted");
        }
    }

    /** Legacy structures are not in the modern database, so a migration there drops none of them. */
    @Test
    void aContractMigrationOfAModernDatabaseContractsNothing() {
        try (Site site = site(Topology.TWO_DATABASES)) {
            copied(site);
            site.moveTo("modern-only", "box");
            site.write(
                    "migrations/V1__drop.up.sql",
                    "-- crossfade: phase=contract\n-- crossfade: entity=box\nalter table modern.box add column more int;");
            succeeds(site, "migrate", "up");

            assertThat(succeeds(site, "status").out()).doesNotContain("contracted");
            forced(site, "box", "modern-primary");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatWasThereBeforeStaysHealthy(Topology topology) throws Exception {
        try (Site site = site(topology)) {
            copied(site);
            succeeds(site, "capture", "install", "part");
            List<TableMapping> mappings = MappingFile.load(site.write("crossfade.yaml", MAPPING), site.databases());
            site.moveTo("modern-only", "box");
            Worker worker = new Worker(site.databases(), mappings, WorkerSettings.DEFAULTS);
            Thread thread = Thread.ofPlatform().start(worker::run);
            try {
                contract(site, "box");
                site.legacy().execute("update legacy.part set size = 'new'");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> count(site.modern(), "modern.part where size = 'new'") == 20);
                assertThat(worker.health().problems()).isEmpty();
            } finally {
                worker.stop();
                thread.join(Duration.ofSeconds(60));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRenamedEntityIsContractedUnderItsPresentName(Topology topology) {
        try (Site site = site(topology)) {
            copied(site);
            site.moveTo("modern-only", "box");
            succeeds(site, "entity", "rename", "box", "crate");
            site.write("crossfade.yaml", MAPPING.replace("box: {", "crate: {"));
            contract(site, "box");
            assertThat(isRefused(site, "stage", "crate", "--to", "modern-primary")
                            .err())
                    .contains("crate is contracted");

            succeeds(site, "entity", "rename", "crate", "chest");
            assertThat(isRefused(site, "stage", "chest", "--to", "modern-primary")
                            .err())
                    .contains("chest is contracted");
            succeeds(site, "entity", "forget", "chest");
        }
    }
}
