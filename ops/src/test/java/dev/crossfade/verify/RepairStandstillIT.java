package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.HeldUp;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A verification that repairs, or a sweep, whose process is paused while the authority moves. */
class RepairStandstillIT {

    /** The statement in which a repair, having read the stage, takes the entity's authority lock. */
    private static final String LOCK = "pg_advisory_xact_lock_shared";

    private static final String NOTING = "insert into crossfade.intent";

    /** Topologies, and the stages that the authority leaves. */
    static Stream<Arguments> flips() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(topology, Stage.MODERN_READ), Arguments.of(topology, Stage.MODERN_PRIMARY)));
    }

    @ParameterizedTest
    @MethodSource("flips")
    void aRepairThatReadTheStageBeforeAFlipDoesNotUndoWhatWasWrittenAfterIt(Topology topology, Stage from)
            throws Exception {
        try (Setting setting = new Setting(topology, from)) {
            setting.repairBesideAFlip(0, setting::repair);
        }
    }

    @ParameterizedTest
    @MethodSource("flips")
    void aRepairThatStandsStillBeforeItAppliesDoesNotUndoWhatWasWrittenAfterAFlip(Topology topology, Stage from)
            throws Exception {
        try (Setting setting = new Setting(topology, from)) {
            setting.repairBesideAFlip(1, setting::repair);
        }
    }

    @ParameterizedTest
    @MethodSource("flips")
    void aSweepThatReadTheStageBeforeAFlipDoesNotUndoWhatWasWrittenAfterIt(Topology topology, Stage from)
            throws Exception {
        try (Setting setting = new Setting(topology, from)) {
            setting.repairBesideAFlip(0, setting::sweep);
        }
    }

    /** The legacy side is not a mirror any more, whatever the sweep saw of it at the stage before. */
    @ParameterizedTest
    @MethodSource("flips")
    void aSweepWritesNoSideThatHasCeasedToBeTheMirror(Topology topology, Stage from) throws Exception {
        try (Setting setting = new Setting(topology, from)) {
            Stage last = from == Stage.MODERN_READ ? Stage.LEGACY_ONLY : Stage.MODERN_ONLY;
            Side mirror = from.authority().opposite();
            try (HeldUp held = setting.heldAt(LOCK, 0)) {
                CompletableFuture<?> sweep = CompletableFuture.supplyAsync(setting::sweep, OwnThread.EACH);
                held.awaitReached();
                setting.world.moveTo(setting.crossfade, last);
                setting.damage(mirror);
                held.goOn();
                sweep.get(90, TimeUnit.SECONDS);
            }
            assertThat(setting.name(mirror)).isEqualTo("Damaged");
            assertThat(setting.world.intents()).isZero();
        }
    }

    /**
     * A process that is paused while it notes keys holds the authority; the server ends that before an operator
     * notices.
     */
    @Test
    void aRepairThatStandsStillWhileItNotesDoesNotHoldTheFlipUpForLong() throws Exception {
        try (Setting setting = new Setting(Topology.ONE_DATABASE, Stage.MODERN_READ);
                HeldUp held = setting.heldAt(NOTING, 0)) {
            CompletableFuture<?> repair = CompletableFuture.supplyAsync(setting::repair, OwnThread.EACH);
            held.awaitReached();

            setting.flipWithin(Duration.ofSeconds(25), Stage.MODERN_PRIMARY);

            held.goOn();
            assertThat(repair).failsWithin(Duration.ofSeconds(60));
            assertThat(setting.world.intents()).isZero();
        }
    }

    /** One user, whose mirror row somebody has damaged. */
    private static final class Setting implements AutoCloseable {

        private final World world;
        private final Crossfade crossfade;
        private final DualWriteUsers users;
        private final Stage from;
        private final InterceptedDataSource legacy;
        private final InterceptedDataSource modern;
        private final Databases repairers;

        Setting(Topology topology, Stage from) {
            this.world = new World(topology);
            this.from = from;
            this.crossfade = world.start();
            this.users = new DualWriteUsers(crossfade.routing());
            this.legacy = new InterceptedDataSource(world.databases().legacy());
            this.modern = world.databases().areShared()
                    ? legacy
                    : new InterceptedDataSource(world.databases().modern());
            this.repairers = new Databases(legacy, modern);
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            new Backfill(world.databases(), Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
            users.save(new User(1, "a@example.org", "Ada"));
            world.drain();
            world.moveTo(crossfade, from);
            damage(from.authority().opposite());
        }

        long repair() {
            return new Verification(repairers, Users.MAPPING, VerificationListener.NONE)
                    .run(true)
                    .repaired();
        }

        long sweep() {
            return new Sweep(repairers, Users.MAPPING, new Sweep.Settings(1_000_000, Duration.ZERO), SweepListener.NONE)
                    .turn(Duration.ofMinutes(1), () -> false)
                    .repaired();
        }

        /**
         * Pauses the repairing process when it asks for one of the entity's locks, after it has got the given number
         * of them.
         */
        HeldUp heldAt(String statement, int after) {
            AtomicInteger left = new AtomicInteger(after);
            return HeldUp.before(sql -> sql.contains(statement) && left.getAndDecrement() == 0, legacy, modern);
        }

        void repairBesideAFlip(int locks, Supplier<Long> work) throws Exception {
            Side leaving = from.authority();
            Stage to = from == Stage.MODERN_READ ? Stage.MODERN_PRIMARY : Stage.MODERN_READ;
            try (HeldUp held = heldAt(LOCK, locks)) {
                CompletableFuture<Long> running = CompletableFuture.supplyAsync(work, OwnThread.EACH);
                held.awaitReached();
                flip(to);
                // What is acknowledged now does not reach the former authoritative side.
                refuseOnMirror(leaving);
                users.save(new User(1, "a@example.org", "Acknowledged"));
                held.goOn();
                running.get(90, TimeUnit.SECONDS);
            }
            acceptOnMirror(leaving);

            assertThat(name(leaving.opposite())).as("the side that decides").isEqualTo("Acknowledged");
            world.drain();
            assertThat(world.intents()).as("intents of either side").isZero();
            assertThat(world.differences()).isEmpty();
            assertThat(users.find(1L)).contains(new User(1, "a@example.org", "Acknowledged"));
        }

        void flipWithin(Duration deadline, Stage to) {
            Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
            new StageChanger(
                            world.databases(),
                            List.of(),
                            new AuthorityFlip(world.databases(), drain, entity -> Optional.of(Users.MAPPING), deadline),
                            GateListener.NONE)
                    .change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
        }

        void flip(Stage to) {
            crossfade.stages().change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
            world.awaitAcknowledged();
            assertThat(AuthorityTable.find(world.databases().controlDsl(), "user")
                            .orElseThrow()
                            .stage())
                    .isEqualTo(to);
        }

        private void refuseOnMirror(Side mirror) {
            world.of(mirror)
                    .execute(
                            mirror == Side.LEGACY
                                    ? "alter table legacy.users add constraint refuses check (first_name <> 'Acknowledged') not valid"
                                    : "alter table modern.accounts add constraint refuses check (full_name <> 'Acknowledged') not valid");
        }

        private void acceptOnMirror(Side mirror) {
            world.of(mirror)
                    .execute(
                            mirror == Side.LEGACY
                                    ? "alter table legacy.users drop constraint refuses"
                                    : "alter table modern.accounts drop constraint refuses");
        }

        void damage(Side mirror) {
            world.of(mirror)
                    .execute(
                            mirror == Side.LEGACY
                                    ? "update legacy.users set first_name = 'Damaged'"
                                    : "update modern.accounts set full_name = 'Damaged'");
        }

        String name(Side side) {
            return String.valueOf(world.of(side)
                    .dsl()
                    .fetchValue(
                            side == Side.LEGACY
                                    ? "select first_name from legacy.users where id = 1"
                                    : "select full_name from modern.accounts where account_id = 1"));
        }

        @Override
        public void close() {
            world.close();
        }
    }
}
