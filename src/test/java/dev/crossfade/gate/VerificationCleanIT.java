package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerificationCleanIT {

    private static final Step READS_MOVE = step(Stage.SHADOW_READ, Stage.MODERN_READ);
    private static final Step AUTHORITY_MOVES = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);
    private static final Step AUTHORITY_COMES_BACK = step(Stage.MODERN_PRIMARY, Stage.MODERN_READ);

    private final Scene scene = new Scene(Topology.ONE_DATABASE);
    private final Gate gate = new VerificationClean(scene.control(), scene.proofs(), Duration.ofHours(1));

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void theSidesMustHaveBeenFoundEqual() {
        assertThat(gate.check(READS_MOVE))
                .isEqualTo(Closed.meanwhile(
                        "the sides were never compared",
                        "0 differences, found since the mirror was switched on and at most 1 h ago",
                        "Run `crossfade verify user`."));

        verified(3, "1 minute", "1 minute");
        assertThat(gate.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen()).isEqualTo("the last comparison found 3 differences");
            assertThat(closed.remedy()).contains("--repair");
        });

        verified(0, "30 s", "10 s");
        assertThat(gate.check(READS_MOVE))
                .isInstanceOfSatisfying(
                        Open.class, open -> assertThat(open.seen()).startsWith("0 differences, 1"));
    }

    @Test
    void aProofGetsOldByTheDatabasesClock() {
        verified(0, "3 hours", "59 minutes");
        assertThat(gate.check(READS_MOVE)).isInstanceOf(Open.class);
        assertThat(gate.check(AUTHORITY_MOVES)).isInstanceOf(Open.class);

        verified(0, "3 hours", "61 minutes");
        assertThat(gate.check(READS_MOVE))
                .isInstanceOfSatisfying(
                        Closed.class, closed -> assertThat(closed.seen()).startsWith("0 differences, 1 h 1 min ago"));
        assertThat(gate.check(AUTHORITY_MOVES)).isInstanceOf(Closed.class);
    }

    @Test
    void aProofFromBeforeTheMirrorWasSwitchedOnIsNone() {
        verified(0, "10 minutes", "1 minute");
        scene.moved(Stage.LEGACY_ONLY, Stage.DUAL_WRITE, "5 minutes");

        assertThat(gate.check(READS_MOVE)).isInstanceOf(Closed.class);
    }

    @Test
    void theWayBackIsAskedOnlyAfterTheLegacySideMissedWritesAndAtAnyAge() {
        assertThat(gate.check(AUTHORITY_COMES_BACK)).isEqualTo(new NotConcerned());
        assertThat(gate.check(step(Stage.MODERN_READ, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());

        scene.moved(Stage.MODERN_ONLY, Stage.MODERN_PRIMARY, "5 hours");
        assertThat(gate.check(AUTHORITY_COMES_BACK)).isInstanceOf(Closed.class);
        verified(0, "4 hours", "4 hours");
        assertThat(gate.check(AUTHORITY_COMES_BACK)).isInstanceOf(Open.class);
    }

    private void verified(int differences, String started, String finished) {
        scene.control()
                .execute(
                        "insert into crossfade.verification (entity, state, started_at, finished_at, differences, evidence)"
                                + " values ('user', 'FINISHED', now() - cast(? as interval), now() - cast(? as interval), ?, ?)",
                        started,
                        finished,
                        differences,
                        scene.evidence());
    }
}
