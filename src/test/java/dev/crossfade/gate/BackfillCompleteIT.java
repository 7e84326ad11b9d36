package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Outlook;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackfillCompleteIT {

    private final Scene scene = new Scene(Topology.ONE_DATABASE);
    private final Gate gate = new BackfillComplete(scene.control(), scene.proofs());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aBackfillThatBeganAfterDualWritingMustHaveFinished() {
        Gate.Step forward = step(Stage.DUAL_WRITE, Stage.SHADOW_READ);
        assertThat(gate.check(forward)).isEqualTo(closed("there was no backfill"));

        backfilled("1 hour", "1 hour");
        assertThat(gate.check(forward)).isEqualTo(closed("no record says when dual writing began"));
        scene.moved(Stage.LEGACY_ONLY, Stage.DUAL_WRITE, "10 minutes");
        assertThat(gate.check(forward)).isEqualTo(closed("the last backfill began before dual writing did"));
        backfilled("5 minutes", null);
        assertThat(gate.check(forward)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen()).isEqualTo("the backfill has read 30 of about 40 rows");
            assertThat(closed.outlook()).contains(new Outlook.Countdown(10, "rows"));
        });
        backfilled("5 minutes", "1 minute");
        assertThat(gate.check(forward))
                .isEqualTo(new Open("finished, 30 rows read", "a finished backfill that began after dual writing did"));

        scene.moved(Stage.LEGACY_ONLY, Stage.DUAL_WRITE, "1 minute");
        assertThat(gate.check(forward)).as("dual writing was off in between").isInstanceOf(Closed.class);
    }

    @Test
    void neitherTheWayBackNorTheStepsBeforeAndAfterAskForIt() {
        assertThat(gate.check(step(Stage.LEGACY_ONLY, Stage.DUAL_WRITE))).isEqualTo(new NotConcerned());
        assertThat(gate.check(step(Stage.MODERN_PRIMARY, Stage.MODERN_ONLY))).isEqualTo(new NotConcerned());
        assertThat(gate.check(step(Stage.MODERN_PRIMARY, Stage.MODERN_READ))).isEqualTo(new NotConcerned());
        assertThat(gate.check(step(Stage.MODERN_READ, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
    }

    private static Closed closed(String seen) {
        return Closed.meanwhile(
                seen, "a finished backfill that began after dual writing did", "Run `crossfade backfill user`.");
    }

    private void backfilled(String started, @Nullable String finished) {
        scene.legacy().execute("delete from crossfade.backfill");
        scene.control()
                .execute(
                        "insert into crossfade.backfill (entity, epoch, state, rows_total, rows_read, started_at, finished_at, evidence)"
                                + " values ('user', 1, 'ANY', 40, 30, now() - cast(? as interval), now() - cast(? as interval), ?)",
                        started,
                        finished,
                        scene.evidence());
    }
}
