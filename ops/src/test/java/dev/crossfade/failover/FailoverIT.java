package dev.crossfade.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.FrozenException;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.recover.Losses;
import dev.crossfade.testing.FailoverServer;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
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
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server's asynchronous standby is promoted without its last transactions, under load. Nothing that either side
 * still has is destroyed, and the entity is frozen.
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

    /** Each server where it decides and loses; in the long form each in each stage, with either side as the winner. */
    static Stream<Arguments> places() {
        if (ROUNDS > 2) {
            return Stream.of(Stage.values())
                    .filter(stage -> stage != Stage.LEGACY_ONLY)
                    .flatMap(stage -> Stream.of(Side.values())
                            .flatMap(failing -> Stream.of(Side.values())
                                    .filter(winner -> stage.mirrors() || winner == stage.authority())
                                    .map(winner -> Arguments.of(failing, stage, winner))));
        }
        return Stream.of(
                Arguments.of(Side.LEGACY, Stage.DUAL_WRITE, Side.MODERN),
                Arguments.of(Side.MODERN, Stage.MODERN_PRIMARY, Side.LEGACY));
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatEitherSideStillHasIsKeptUntilAnOperatorDecides(Side failing, Stage stage, Side winner) {
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
            assertThat(scene.standing().stage()).isEqualTo(stage);
            assertNothingHappens(scene, stage);
            scene.quiet();
            scene.assertNothingIsDestroyed(left);

            Losses losses = scene.recover(winner);

            assertThat(scene.frozen(Side.LEGACY)).isEmpty();
            assertThat(scene.frozen(Side.MODERN)).isEmpty();
            if (stage.mirrors()) {
                assertThat(scene.world().differences()).isEmpty();
            }
            if (winner == failing) {
                assertThat(scene.missing(left)).as("lost and listed before").isLessThanOrEqualTo(losses.destroyed());
            } else {
                scene.assertNothingIsDestroyed(left);
            }
        }
    }

    static Stream<Arguments> flips() {
        return Stream.of(
                Arguments.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY),
                Arguments.of(Stage.MODERN_PRIMARY, Stage.MODERN_READ));
    }

    /** The modern database's fence and the live instances know the stage; the promoted control server does not. */
    @ParameterizedTest
    @MethodSource("flips")
    void aFlipThatTheControlServerHasLostIsRecordedAgain(Stage from, Stage to) {
        try (FailoverScene scene = new FailoverScene(legacy, modern, from)) {
            scene.startWorkAndRepair();
            scene.awaitSaves(LOST);
            Map<Long, Long> left = scene.failOver(Side.LEGACY, () -> {
                scene.world().step(scene.instance(), to);
                scene.awaitSaves(LOST);
            });
            long epoch = scene.fence(Side.MODERN).orElseThrow().standing().epoch();

            DualWriteUsers newcomer = scene.startInstance();

            assertThat(scene.standing()).isEqualTo(new Standing(to, epoch));
            newcomer.save(new User(77, null, "v 1"));
            scene.awaitFrozen();
            assertThat(scene.numbers(to.authority())).containsEntry(77L, 1L);
            assertThat(scene.numbers(to.authority().opposite())).doesNotContainKey(77L);
            scene.awaitSaves(LOST);
            assertThat(scene.stagesSeen()).as("no instance goes back").containsOnly(to);
            scene.quiet();
            scene.assertNothingIsDestroyed(left);

            scene.recover(Side.MODERN);

            assertThat(scene.world().differences()).isEmpty();
            scene.assertNothingIsDestroyed(left);
        }
    }

    /** The promoted server has the old row and an intent for it; the mirror has the new row. */
    @ParameterizedTest
    @EnumSource(Side.class)
    void anIntentOfAPromotedAuthorityIsNotAppliedOverTheNewerMirror(Side authority) {
        Stage stage = authority == Side.LEGACY ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY;
        try (FailoverScene scene = new FailoverScene(legacy, modern, stage)) {
            scene.quiet();
            DualWriteUsers users = scene.repository();
            users.save(new User(77, null, "v 1"));
            scene.world().drain();
            TestDatabase database = scene.world().of(authority);
            scene.server(authority).startStandby();
            Notes.append(database.dsl(), "user", List.of(RecordKey.of("77")));
            scene.server(authority).loseWhatComes();
            users.save(new User(77, null, "v 2"));
            scene.world().drain();

            scene.startWorkAndRepair();
            scene.promote(authority);
            scene.awaitFrozen();

            scene.awaitRounds(5);
            assertThat(scene.world().of(authority).dsl().fetchCount(DSL.table(DSL.name("crossfade", "intent"))))
                    .isEqualTo(1);
            assertThat(scene.numbers(authority)).containsEntry(77L, 1L);
            assertThat(scene.numbers(authority.opposite())).containsEntry(77L, 2L);
            scene.quiet();

            scene.recover(authority.opposite());

            assertThat(scene.numbers(authority)).containsEntry(77L, 2L);
            assertThat(scene.world().differences()).isEmpty();
        }
    }

    /**
     * The promoted server has saves that were not mirrored, and it has lost newer versions of rows that were. So
     * neither side is the newer one as a whole.
     */
    @ParameterizedTest
    @EnumSource(Side.class)
    void aSaveThatTheMirrorHasNotGotIsKeptThoughTheMirrorWins(Side authority) {
        Stage stage = authority == Side.LEGACY ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY;
        try (FailoverScene scene = new FailoverScene(legacy, modern, stage)) {
            scene.quiet();
            DualWriteUsers users = scene.repository();
            for (long key = 77; key <= 81; key++) {
                users.save(new User(key, null, "v 1"));
            }
            scene.world().drain();
            scene.server(authority).startStandby();
            try (TestDatabase.Session never = scene.keepFromMirror(authority.opposite(), 77, 80)) {
                try (TestDatabase.Session late = scene.keepFromMirror(authority.opposite(), 78, 79)) {
                    for (long key = 77; key <= 79; key++) {
                        users.save(new User(key, null, "v 2"));
                    }
                    users.delete(80L);
                    scene.server(authority).loseWhatComes();
                }
                users.save(new User(78, null, "v 3"));
                users.save(new User(81, null, "v 3"));
                scene.awaitNumbers(authority.opposite(), Map.of(77L, 1L, 78L, 3L, 79L, 2L, 80L, 1L, 81L, 3L));
                scene.promote(authority);
            }
            scene.awaitFrozen();

            scene.recover(authority.opposite());

            assertThat(scene.numbers(authority))
                    .containsEntry(77L, 2L)
                    .containsEntry(78L, 3L)
                    .containsEntry(79L, 2L)
                    .doesNotContainKey(80L)
                    .containsEntry(81L, 3L);
            assertThat(scene.world().differences()).isEmpty();
        }
    }

    /** A crashed server recovers everything that was on its disk: nothing has gone back in time. */
    @ParameterizedTest
    @EnumSource(Side.class)
    void aRestartOrACrashOfAServerFreezesNothing(Side failing) {
        try (FailoverScene scene = new FailoverScene(legacy, modern, Stage.DUAL_WRITE)) {
            scene.startWorkAndRepair();
            scene.awaitSaves(LOST);
            StoppableServer server = scene.server(failing).primary();
            for (Runnable end : List.<Runnable>of(server::stop, server::kill)) {
                end.run();
                server.start();
                scene.awaitLooks(2);
                scene.awaitSaves(LOST);
                assertThat(scene.frozen(Side.LEGACY)).isEmpty();
                assertThat(scene.frozen(Side.MODERN)).isEmpty();
            }
            scene.quiet();
            scene.world().drain();
            assertThat(scene.world().differences()).isEmpty();
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
