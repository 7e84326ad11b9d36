package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.gate.GateSettings.Shadow;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShadowReadsAgreeIT {

    private static final Step READS_MOVE = step(Stage.SHADOW_READ, Stage.MODERN_READ);

    private final Scene scene = new Scene(Topology.ONE_DATABASE).moved(Stage.DUAL_WRITE, Stage.SHADOW_READ, "2 hours");
    private final Gate gate = gate(100, 0.1);

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void enoughReadsMustHaveBeenComparedByAllInstancesTogether() {
        assertThat(gate.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen()).isEqualTo("0 comparisons");
            assertThat(closed.required()).isEqualTo("at least 100 comparisons within 1 d, at most 0.1 % differed");
            assertThat(closed.remedy()).contains("gate.shadow.comparisons");
        });
        assertThat(gate(0, 0).check(READS_MOVE)).as("a service without reads").isInstanceOf(Open.class);

        compared("user", "1 hour", 50, 0);
        compared("user", "1 minute", 49, 0);
        assertThat(gate.check(READS_MOVE)).isInstanceOf(Closed.class);
        compared("user", "1 minute", 1, 0);
        assertThat(gate.check(READS_MOVE))
                .isInstanceOfSatisfying(
                        Open.class,
                        open -> assertThat(open.seen()).isEqualTo("0 of 100 comparisons differed (0.000 %)"));
    }

    @Test
    void theShareThatMayDifferIsAllowedAndOneMoreIsNot() {
        compared("user", "1 minute", 2_999, 3);
        assertThat(gate.check(READS_MOVE)).as("3 of 2,999 is more than 0.1 %").isInstanceOf(Closed.class);
        compared("user", "2 minutes", 1, 0);
        assertThat(gate.check(READS_MOVE)).isInstanceOf(Open.class);
        compared("user", "3 minutes", 1, 1);
        assertThat(gate.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen()).isEqualTo("4 of 3001 comparisons differed (0.133 %)");
            assertThat(closed.remedy()).contains("`crossfade shadow user`");
        });
    }

    @Test
    void neitherOtherEntitiesNorCalibrationNorAnEarlierStayCount() {
        compared("order", "1 minute", 1_000, 0);
        compared("user", "3 hours", 1_000, 0);
        scene.control().execute("""
                insert into crossfade.shadow_tally (entity, instance, bucket, aa, compared)
                values ('user', gen_random_uuid(), date_trunc('minute', now()), true, 1000)
                """);

        assertThat(gate.check(READS_MOVE))
                .isInstanceOfSatisfying(
                        Closed.class, closed -> assertThat(closed.seen()).isEqualTo("0 comparisons"));
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        scene.moved(Stage.DUAL_WRITE, Stage.SHADOW_READ, "3 days");
        compared("user", "90 minutes", 100, 100);
        Gate lastHour = new ShadowReadsAgree(scene.control(), scene.proofs(), new Shadow(0, 0, Duration.ofHours(1)));

        assertThat(gate.check(READS_MOVE)).isInstanceOf(Closed.class);
        assertThat(lastHour.check(READS_MOVE)).isInstanceOf(Open.class);
    }

    @Test
    void onlyTheMoveOfReadsAsksForIt() {
        assertThat(gate.check(step(Stage.MODERN_READ, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
        assertThat(gate.check(step(Stage.MODERN_READ, Stage.MODERN_PRIMARY))).isEqualTo(new NotConcerned());
    }

    private Gate gate(int comparisons, double percent) {
        return new ShadowReadsAgree(
                scene.control(), scene.proofs(), new Shadow(comparisons, percent, Duration.ofHours(24)));
    }

    private void compared(String entity, String ago, int compared, int mismatched) {
        scene.control()
                .execute(
                        "insert into crossfade.shadow_tally (entity, instance, bucket, compared, mismatched, proves)"
                                + " values (?, gen_random_uuid(), date_trunc('minute', now() - cast(? as interval)), ?, ?, ?)",
                        entity,
                        ago,
                        compared,
                        mismatched,
                        Users.MAPPING.evidence(scene.databases()).lasting());
    }
}
