package dev.crossfade.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.FrozenException;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.FailoverServer;
import dev.crossfade.testing.Users;
import dev.crossfade.verify.RepairMode;
import dev.crossfade.verify.Sweep;
import dev.crossfade.verify.Sweep.Turn;
import dev.crossfade.verify.SweepListener;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server's asynchronous standby is promoted without its last transactions, under load: nothing that either side still has
 * is destroyed, and the entity is frozen.
 */
class FailoverIT {

    private static final int ROUNDS = Integer.getInteger("crossfade.torture.kills", 1);
    private static final int LOST = 40;

    private static FailoverServer legacy;
    private static FailoverServer modern;

    @BeforeAll
    static void start() {
        legacy = FailoverServer.create();
        modern = FailoverServer.create();
    }

    @AfterAll
    static void stop() {
        legacy.close();
        modern.close();
    }

    /** Each server in each stage in the long form. */
    static Stream<Arguments> places() {
        Stream<Stage> stages = ROUNDS > 2
                ? Stream.of(Stage.values()).filter(stage -> stage != Stage.LEGACY_ONLY)
                : Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY);
        return stages.flatMap(stage -> Stream.of(Side.values()).map(side -> Arguments.of(side, stage)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatEitherSideStillHasIsKeptAndTheEntityIsFrozen(Side failing, Stage stage) {
        try (FailoverScene scene = new FailoverScene(legacy, modern, stage)) {
            scene.startWorkAndRepair();
            scene.awaitSaves(LOST);

            Map<Long, Long> left = scene.failOver(failing, () -> scene.awaitSaves(LOST));

            assertThat(scene.awaitFrozen())
                    .contains("the " + failing.label() + " database is not what it was")
                    .contains("timeline");
            long repaired = scene.repairedBySweep();
            scene.awaitSaves(LOST);
            assertThat(scene.repairedBySweep()).as("repaired while frozen").isEqualTo(repaired);
            assertThat(scene.fence(Side.LEGACY)
                            .map(Fence::standing)
                            .orElseThrow()
                            .stage())
                    .isEqualTo(stage);
            assertNothingHappens(scene, stage);
            scene.quiet();
            scene.assertNothingIsDestroyed(left);
        }
    }

    private static void assertNothingHappens(FailoverScene scene, Stage stage) {
        Stage next = stage.previous().orElseThrow();
        assertThatThrownBy(() -> scene.instance()
                        .stages()
                        .change(new Request(List.of("user"), next, new Author("test", "a try"), true)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is frozen");
        Sweep sweep = new Sweep(
                scene.world().databases(),
                Users.MAPPING,
                new Sweep.Settings(1_000_000, Duration.ZERO),
                SweepListener.NONE);
        assertThat(sweep.turn(Duration.ofMinutes(1), () -> false)).isEqualTo(Turn.NONE);
        if (stage.mirrors()) {
            Verification verification =
                    new Verification(scene.world().databases(), Users.MAPPING, VerificationListener.NONE);
            assertThatThrownBy(() -> verification.run(new RepairMode.AtMost(Long.MAX_VALUE)))
                    .isInstanceOf(FrozenException.class);
        }
        if (stage == Stage.DUAL_WRITE) {
            Backfill backfill = new Backfill(
                    scene.world().databases(), Users.MAPPING, new Backfill.Settings(1_000, 0), BackfillListener.NONE);
            assertThatThrownBy(backfill::run).isInstanceOf(FrozenException.class);
        }
    }
}
