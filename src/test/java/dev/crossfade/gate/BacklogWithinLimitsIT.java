package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.gate.GateSettings.Backlog;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BacklogWithinLimitsIT {

    private static final Backlog LIMITS = new Backlog(2, 1, Duration.ofMinutes(10));

    private static final Step READS_MOVE = step(Stage.SHADOW_READ, Stage.MODERN_READ);
    private static final Step AUTHORITY_MOVES = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);
    private static final Step AUTHORITY_COMES_BACK = step(Stage.MODERN_PRIMARY, Stage.MODERN_READ);
    private static final Step MIRROR_ENDS = step(Stage.MODERN_PRIMARY, Stage.MODERN_ONLY);

    @ParameterizedTest
    @EnumSource
    void eachLimitIsAllowedAndOneMoreIsNot(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            Gate gate = new BacklogWithinLimits(scene.databases(), LIMITS);
            assertThat(gate.check(READS_MOVE))
                    .isEqualTo(new Open(
                            "0 intents pending, 0 missed writes",
                            "at most 2 intents, none older than 10 min, 1 missed writes"));
            intents(scene.legacy(), 2, "9 minutes");
            missed(scene, 1, true);
            assertThat(gate.check(READS_MOVE)).isInstanceOf(Open.class);

            intents(scene.legacy(), 1, "0 s");
            assertThat(gate.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen())
                        .startsWith("3 intents pending, the oldest for 9 min")
                        .endsWith("1 missed writes");
                assertThat(closed.remedy()).contains("crossfade worker").doesNotContain("queue");
            });
            scene.legacy().execute("delete from crossfade.intent");
            intents(scene.legacy(), 1, "11 minutes");
            assertThat(gate.check(READS_MOVE)).isInstanceOf(Closed.class);
            scene.legacy().execute("delete from crossfade.intent");
            missed(scene, 1, true);
            assertThat(gate.check(READS_MOVE))
                    .as("parked ones count")
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.remedy()).startsWith("See `crossfade queue list user`"));
        }
    }

    @Test
    void theAuthorityMovesPastNoMissedWriteWhateverIsAllowed() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            Gate gate = new BacklogWithinLimits(scene.databases(), LIMITS);
            missed(scene, 1, false);

            assertThat(gate.check(READS_MOVE)).isInstanceOf(Open.class);
            assertThat(gate.check(MIRROR_ENDS)).isInstanceOf(Open.class);
            assertThat(gate.check(AUTHORITY_MOVES)).isInstanceOf(Closed.class);
            assertThat(gate.check(AUTHORITY_COMES_BACK)).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void intentsHoldTheWayForwardUpAndNotTheWayBack(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            Gate gate = new BacklogWithinLimits(scene.databases(), LIMITS);
            // Intents are where the authority is.
            intents(Stage.MODERN_PRIMARY.authority() == Side.MODERN ? scene.modern() : scene.legacy(), 3, "1 day");

            assertThat(gate.check(MIRROR_ENDS)).isInstanceOf(Closed.class);
            assertThat(gate.check(AUTHORITY_COMES_BACK))
                    .as("the flip works them off itself")
                    .isInstanceOf(Open.class);
            assertThat(gate.check(step(Stage.MODERN_READ, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
            assertThat(gate.check(step(Stage.DUAL_WRITE, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
        }
    }

    private static void intents(TestDatabase database, int count, String age) {
        database.dsl()
                .execute(
                        "insert into crossfade.intent (entity, key, noted_at)"
                                + " select 'user', array[i::text], now() - cast(? as interval) from generate_series(1, ?) as i",
                        age,
                        count);
    }

    private static void missed(Scene scene, int count, boolean parked) {
        scene.control()
                .execute(
                        "insert into crossfade.missed_write (entity, key, mirror, attempts, sql_state, message, next_try_at, parked)"
                                + " select 'user', array[gen_random_uuid()::text], 'MODERN', 1, '22001', 'too long', now(), ?"
                                + " from generate_series(1, ?)",
                        parked,
                        count);
    }
}
