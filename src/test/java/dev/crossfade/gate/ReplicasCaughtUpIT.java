package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.gate.GateSettings.Replicas;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Standby;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The modern side is on a server with a real replica; the legacy side is on one without. */
class ReplicasCaughtUpIT {

    private static final Step READS_MOVE = step(Stage.SHADOW_READ, Stage.MODERN_READ);
    private static final Step AUTHORITY_MOVES = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);
    private static final Step AUTHORITY_COMES_BACK = step(Stage.MODERN_PRIMARY, Stage.MODERN_READ);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static StoppableServer server;
    private static TestDatabase modern;
    private static TestDatabase legacy;

    @BeforeAll
    static void start() {
        server = StoppableServer.create();
        modern = server.createDatabase();
        legacy = TestDatabases.create();
        modern.execute("create table written (id int)");
    }

    @AfterAll
    static void stop() {
        legacy.close();
        modern.close();
        server.close();
    }

    @Test
    void whereThereAreNoReplicasNobodyWaitsForThem() {
        assertThat(gate(Set.of(), Set.of(), PATIENCE).check(AUTHORITY_COMES_BACK))
                .isInstanceOfSatisfying(
                        Open.class, open -> assertThat(open.seen()).isEqualTo("no replicas"));
    }

    @Test
    void aReplicaMustHaveReplayedWhatWasWritten() {
        try (Standby standby = Standby.of(server, "reader_1")) {
            awaitConnected(1);
            modern.execute("insert into written values (1)");
            Gate patient = gate(Set.of(), Set.of("reader_1"), PATIENCE);
            assertThat(patient.check(READS_MOVE))
                    .isEqualTo(
                            new Open(
                                    "reader_1 has caught up",
                                    "every replica of the modern server has replayed within 5 s what had been written; connected: reader_1"));
            assertThat(patient.check(AUTHORITY_MOVES))
                    .as("and stays so while idle")
                    .isInstanceOf(Open.class);

            standby.pauseReplay();
            modern.execute("insert into written values (2)");
            Gate impatient = gate(Set.of(), Set.of(), Duration.ofMillis(100));
            assertThat(impatient.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen()).matches("reader_1 \\(streaming\\) is [0-9]+ bytes behind");
                assertThat(closed.remedy()).contains("replay is paused");
            });
            assertThat(impatient.check(AUTHORITY_COMES_BACK))
                    .as("the other server's replicas count there")
                    .isInstanceOf(Open.class);
            assertThat(impatient.check(step(Stage.MODERN_READ, Stage.SHADOW_READ)))
                    .as("reads go back at once")
                    .isEqualTo(new NotConcerned());

            standby.resumeReplay();
            assertThat(patient.check(READS_MOVE)).isInstanceOf(Open.class);
        }
    }

    @Test
    void aNamedReplicaThatIsNotThereKeepsTheGateClosedAndOneThatIsNotNamedCountsToo() {
        Standby standby = Standby.of(server, "reader_2");
        try {
            awaitConnected(1);
            Gate gate = gate(Set.of(), Set.of("reader_2", "reader_3"), Duration.ofMillis(100));
            assertThat(gate.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen()).startsWith("reader_3 is not connected, reader_2 ");
                assertThat(closed.remedy()).contains("Start the replicas that are missing");
            });
        } finally {
            standby.close();
        }
        awaitConnected(0);
        Gate gate = gate(Set.of(), Set.of("reader_2"), Duration.ofMillis(100));
        assertThat(gate.check(READS_MOVE))
                .isInstanceOfSatisfying(
                        Closed.class, closed -> assertThat(closed.seen()).isEqualTo("reader_2 is not connected"));
        assertThat(gate(Set.of(), Set.of(), PATIENCE).check(READS_MOVE))
                .as("a stopped replica that nobody named is not known")
                .isInstanceOf(Open.class);
    }

    @Test
    void aUserWhoMayNotSeeTheReplicasIsToldSo() {
        modern.execute("create role blind login password 'blind'");
        try (Standby standby = Standby.of(server, "reader_4")) {
            standby.resumeReplay();
            awaitConnected(1);
            Databases blind = new Databases(legacy.dataSource(), modern.newDataSource(settings -> {
                settings.setUsername("blind");
                settings.setPassword("blind");
            }));

            assertThat(new ReplicasCaughtUp(blind, new Replicas(Set.of(), Set.of(), Duration.ZERO)).check(READS_MOVE))
                    .isInstanceOfSatisfying(Closed.class, closed -> {
                        assertThat(closed.seen()).isEqualTo("reader_4 (state unknown) reports no position");
                        assertThat(closed.remedy()).contains("GRANT pg_monitor TO that user");
                    });
        } finally {
            modern.execute("drop role blind");
        }
    }

    @Test
    void anIdleServersReplicaCatchesUpWhereverTheLogStands() {
        try (Standby standby = Standby.of(server, "reader_5")) {
            standby.resumeReplay();
            awaitConnected(1);
            // The next insert position is now behind the new segment's header, which is not sent alone.
            modern.execute("select pg_switch_wal()");

            assertThat(gate(Set.of(), Set.of(), PATIENCE).check(READS_MOVE)).isInstanceOf(Open.class);
        }
    }

    private static Gate gate(Set<String> ofLegacy, Set<String> ofModern, Duration patience) {
        return new ReplicasCaughtUp(
                new Databases(legacy.dataSource(), modern.dataSource()), new Replicas(ofLegacy, ofModern, patience));
    }

    private static void awaitConnected(int replicas) {
        Awaitility.await()
                .until(() -> modern.dsl()
                                .fetch("select 1 from pg_stat_replication where state = 'streaming'")
                                .size()
                        == replicas);
    }
}
