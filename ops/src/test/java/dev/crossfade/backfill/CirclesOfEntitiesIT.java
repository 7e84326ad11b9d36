package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill.Result;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.control.StandingHold;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import dev.crossfade.verify.RepairMode;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The mirror tables of two entities refer to each other: their rows are written together, by whichever process. */
class CirclesOfEntitiesIT {

    private static final int ROWS = 2_000;

    private static final TableMapping TEAM = entity("team", "lead", "person");
    private static final TableMapping PERSON = entity("person", "team", "team");
    private static final List<TableMapping> ALL = List.of(PERSON, TEAM);

    private static TableMapping entity(String name, String refersTo, String parent) {
        return TableMapping.table(name)
                .legacy("legacy", name)
                .modern("modern", name)
                .key(new Column("id", "integer"), new Column("Id", "bigint"))
                .project(new Column("To " + refersTo, "bigint"), refersTo)
                .restore(new Column(refersTo, "integer"), "\"To " + refersTo + "\"")
                .parent(parent)
                .build();
    }

    /** How the foreign keys let a row be written before the one that it refers to. */
    private enum Looseness {
        BOTH_MAY_BE_NULL("", "", "", ""),
        ONE_MAY_BE_NULL("not null", "", "", ""),
        BOTH_ARE_DEFERRABLE("not null", "deferrable initially deferred", "not null", "deferrable"),
        ONE_IS_DEFERRABLE("not null", "", "not null", "deferrable");

        private final String lead;
        private final String leadKey;
        private final String team;
        private final String teamKey;

        Looseness(String lead, String leadKey, String team, String teamKey) {
            this.lead = lead;
            this.leadKey = leadKey;
            this.team = team;
            this.teamKey = teamKey;
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Looseness.values()).map(one -> Arguments.of(topology, one)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBackfillCopiesThem(Topology topology, Looseness looseness) {
        try (World world = world(topology, looseness, Side.MODERN)) {
            insert(world);

            assertThat(backfill(world, PERSON)).returns(0L, Result::rowsMissed).returns(true, Result::complete);
            assertThat(backfill(world, TEAM)).returns(0L, Result::rowsMissed).returns(true, Result::complete);

            assertLevel(world);
            assertThat(missed(world)).isEmpty();
        }
    }

    /** One row does not fit: only the few rows that need it wait, whatever else was written with them. */
    @ParameterizedTest
    @MethodSource("all")
    void rowsThatNeedOneWhichDoesNotFitWaitAndNoOthers(Topology topology, Looseness looseness) {
        try (World world = world(topology, looseness, Side.MODERN)) {
            insert(world);
            world.modern().execute("alter table modern.team add constraint odd check (\"Id\" <> 700)");

            backfill(world, PERSON);
            backfill(world, TEAM);

            // 700 of either, and those at the same positions from the other end
            assertThat(missed(world)).hasSize(4);
            assertThat(count(world)).isEqualTo(2 * ROWS - 4);
            world.modern().execute("alter table modern.team drop constraint odd");
            drain(world);
            assertLevel(world);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDrainAppliesThem(Topology topology, Looseness looseness) throws SQLException {
        try (World world = world(topology, looseness, Side.MODERN)) {
            insert(world);
            note(world, PERSON);
            note(world, TEAM);

            drain(world);

            assertLevel(world);
            assertThat(missed(world)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aVerificationRepairsThem(Topology topology, Looseness looseness) {
        try (World world = world(topology, looseness, Side.MODERN)) {
            insert(world);

            for (TableMapping mapping : ALL) {
                assertThat(new Verification(world.databases(), mapping, ALL, VerificationListener.NONE)
                                .run(new RepairMode.AtMost(ROWS)))
                        .returns(0L, Verification.Report::differenceCount);
            }

            assertLevel(world);
        }
    }

    /** With either side authoritative: the mirror's foreign keys are those of the other one. */
    @ParameterizedTest
    @MethodSource("all")
    void whatAServiceWritesInOneTransactionConverges(Topology topology, Looseness looseness) {
        for (Side mirror : Side.values()) {
            try (World world = world(topology, looseness, mirror)) {
                Crossfade crossfade = world.start();
                TextRecords people = new TextRecords(crossfade.routing(), PERSON);
                TextRecords teams = new TextRecords(crossfade.routing(), TEAM);
                moveTo(crossfade, mirror == Side.MODERN ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY);

                crossfade.transaction(tx -> {
                    people.in(tx).save(TextRecord.of("1", "1"));
                    people.in(tx).save(TextRecord.of("2", "1"));
                    teams.in(tx).save(TextRecord.of("1", "1"));
                    return null;
                });
                crossfade.transaction(tx -> {
                    people.in(tx).save(TextRecord.of("3", "3"));
                    teams.in(tx).save(TextRecord.of("3", "3"));
                    people.in(tx).save(TextRecord.of("1", "3"));
                    return null;
                });

                converge(world);
                assertThat(count(world)).isEqualTo(5);
                crossfade.transaction(tx -> {
                    people.in(tx).delete(List.of("3"));
                    teams.in(tx).delete(List.of("3"));
                    people.in(tx).save(TextRecord.of("1", "1"));
                    return null;
                });
                converge(world);
                assertThat(count(world)).isEqualTo(3);
            }
        }
    }

    private static World world(Topology topology, Looseness looseness, Side mirror) {
        World world = new World(topology);
        boolean legacy = mirror == Side.LEGACY;
        world.legacy()
                .execute(
                        "create table legacy.person (id integer primary key, team integer)",
                        "create table legacy.team (id integer primary key, lead integer)");
        world.modern()
                .execute(
                        "create table modern.person (\"Id\" bigint primary key, \"To team\" bigint)",
                        "create table modern.team (\"Id\" bigint primary key, \"To lead\" bigint)");
        String schema = legacy ? "legacy" : "modern";
        String team = legacy ? "team" : "\"To team\"";
        String lead = legacy ? "lead" : "\"To lead\"";
        (legacy ? world.legacy() : world.modern())
                .execute(
                        "alter table %s.person add foreign key (%s) references %1$s.team %s"
                                .formatted(schema, team, looseness.teamKey),
                        "alter table %s.team add foreign key (%s) references %1$s.person %s"
                                .formatted(schema, lead, looseness.leadKey));
        setNotNull(world, mirror, "person", team, looseness.team);
        setNotNull(world, mirror, "team", lead, looseness.lead);
        if (mirror == Side.MODERN) {
            ALL.forEach(mapping -> Orders.moveTo(world.databases(), mapping, Stage.DUAL_WRITE));
        }
        return world;
    }

    private static void setNotNull(World world, Side mirror, String table, String column, String how) {
        if (!how.isEmpty()) {
            (mirror == Side.LEGACY ? world.legacy() : world.modern())
                    .execute("alter table %s.%s alter %s set not null"
                            .formatted(mirror == Side.LEGACY ? "legacy" : "modern", table, column));
        }
    }

    /** Person n is in team n, whose lead is the person at the same position from the other end. */
    private static void insert(World world) {
        world.legacy()
                .execute(
                        "insert into legacy.person select n, n from generate_series(1, %d) as n".formatted(ROWS),
                        "insert into legacy.team select n, %d - n from generate_series(1, %d) as n"
                                .formatted(ROWS + 1, ROWS));
    }

    private static Result backfill(World world, TableMapping mapping) {
        return new Backfill(world.databases(), mapping, ALL, new Settings(100, 0), BackfillListener.NONE).run();
    }

    private static void note(World world, TableMapping mapping) throws SQLException {
        Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);
        Intents.note(
                new StandingHold(
                        world.databases(), mapping.entity(), mapping.fingerprint(), reconciler.standing(mapping)),
                IntStream.rangeClosed(1, ROWS)
                        .mapToObj(n -> RecordKey.of("" + n))
                        .toList());
    }

    private static void drain(World world) {
        Drain drain = new Drain(
                world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE).beside(() -> ALL), 2);
        for (TableMapping mapping : ALL) {
            Operators.retry(world.databases().controlDsl(), mapping.entity());
        }
        for (TableMapping mapping : ALL) {
            drain.intents(mapping, Duration.ZERO);
            drain.missedWrites(mapping);
        }
        for (TableMapping mapping : ALL) {
            drain.intents(mapping, Duration.ZERO);
        }
    }

    /** Applied by the service's own applier or the worker, whichever comes first. */
    private static void converge(World world) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(MirrorOutageException.class)
                .untilAsserted(() -> {
                    drain(world);
                    assertLevel(world);
                });
    }

    private static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.databases().controlDsl()).list(Optional.empty(), 10);
    }

    private static int count(World world) {
        return world.modern()
                .dsl()
                .fetchSingle("select (select count(*) from modern.person) + (select count(*) from modern.team)")
                .get(0, Integer.class);
    }

    private static void assertLevel(World world) {
        for (List<String> one : List.of(List.of("person", "team"), List.of("team", "lead"))) {
            assertThat(rows(world.modern()
                            .dsl()
                            .fetch("select \"Id\", \"To %s\" from modern.%s order by 1"
                                    .formatted(one.get(1), one.get(0)))))
                    .isEqualTo(rows(world.legacy()
                            .dsl()
                            .fetch("select id, %s from legacy.%s order by 1".formatted(one.get(1), one.get(0)))));
        }
    }

    private static List<String> rows(org.jooq.Result<org.jooq.Record> rows) {
        return rows.map(row -> row.get(0) + " " + row.get(1));
    }

    private static void moveTo(Crossfade crossfade, Stage stage) {
        List<String> entities = ALL.stream().map(TableMapping::entity).toList();
        for (Stage present = Stage.LEGACY_ONLY; present != stage; ) {
            Stage next = present.next().orElseThrow();
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                crossfade.stages().change(new Request(entities, next, new Author("test", "a test's own step"), true));
                return true;
            });
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> entities.stream().allMatch(entity -> crossfade.stage(entity) == next));
            present = next;
        }
    }
}
