package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Flips;
import dev.crossfade.testing.HeldUp;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers that are paused, at the worst moment, while the stage moves. */
class StandstillIT {

    private static final RecordKey ONE = RecordKey.of("1");

    /** Each topology with the steps that end the mirror. */
    static Stream<Arguments> endsOfTheMirror() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(topology, Stage.DUAL_WRITE, Stage.LEGACY_ONLY),
                        Arguments.of(topology, Stage.MODERN_PRIMARY, Stage.MODERN_ONLY)));
    }

    @ParameterizedTest
    @MethodSource("endsOfTheMirror")
    void aMissedWriteThatIsRetriedIsNotNotedOnceThereIsNoMirror(Topology topology, Stage from, Stage to)
            throws Exception {
        try (World world = new World(topology);
                Worker worker = new Worker(world)) {
            Crossfade crossfade = at(world, from);
            new MissedWrites(world.databases().controlDsl())
                    .missed("user", ONE, from.authority().opposite(), new SQLException("no", "22001"));
            Operators.retry(world.databases().controlDsl(), "user");

            CompletableFuture<Drain.Round> round =
                    worker.heldBefore("pg_advisory_xact_lock_shared", worker::missedWrites);
            world.step(crossfade, to);
            worker.goOn();

            assertThat(round.get(60, TimeUnit.SECONDS).isIdle()).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.missedWrites()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("endsOfTheMirror")
    void whatAnApplierSawBeforeTheMirrorWentIsNotApplied(Topology topology, Stage from, Stage to) throws Exception {
        try (World world = new World(topology);
                Worker worker = new Worker(world)) {
            Crossfade crossfade = at(world, from);
            behind(world, from);

            CompletableFuture<Drain.Round> round = worker.heldBefore("pg_advisory_xact_lock_shared", worker::intents);
            CompletableFuture<Void> step = CompletableFuture.runAsync(() -> force(crossfade, to), OwnThread.EACH);
            step.get(60, TimeUnit.SECONDS);
            List<String> mirror = rows(world, from.authority().opposite());
            damage(world, from.authority().opposite());
            worker.goOn();

            assertThat(round.get(60, TimeUnit.SECONDS).applied()).isZero();
            assertThat(mirror).isNotEmpty();
            assertThat(rows(world, from.authority().opposite()))
                    .as("nobody writes a side that is no mirror")
                    .containsExactly("Damaged");
        }
    }

    @ParameterizedTest
    @MethodSource("endsOfTheMirror")
    void aStepThatEndsTheMirrorWaitsForWhoeverIsWritingIt(Topology topology, Stage from, Stage to) throws Exception {
        try (World world = new World(topology);
                Worker worker = new Worker(world)) {
            Crossfade crossfade = at(world, from);
            behind(world, from);
            String table = from.authority() == Side.LEGACY ? "accounts" : "users";

            CompletableFuture<Drain.Round> round = worker.heldBefore(
                    "insert into \"" + from.authority().opposite().label() + "\".\"" + table + "\"", worker::intents);
            CompletableFuture<Void> step = CompletableFuture.runAsync(() -> force(crossfade, to), OwnThread.EACH);
            // Less than the silence after which the server ends the applier's session.
            assertThatThrownBy(() -> step.get(500, TimeUnit.MILLISECONDS))
                    .as("the step, while an applier is about to write the mirror")
                    .isInstanceOf(TimeoutException.class);
            worker.goOn();
            assertThat(round.get(60, TimeUnit.SECONDS).applied()).isEqualTo(1);
            step.get(60, TimeUnit.SECONDS);
            assertThat(world.differences()).isEmpty();
            assertThat(crossfade.stages().standing("user").stage()).isEqualTo(to);
        }
    }

    /** The discarded write is missing on the side that is about to decide. */
    @ParameterizedTest
    @EnumSource
    void aMissedWriteThatIsDiscardedBesideAFlipEndsIt(Topology topology) throws Exception {
        for (Stage from : List.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
            try (World world = new World(topology)) {
                Crossfade crossfade = at(world, from);
                damage(world, from.authority().opposite());
                new MissedWrites(world.databases().controlDsl())
                        .missed("user", ONE, from.authority().opposite(), new SQLException("no", "22001"));
                InterceptedDataSource legacy =
                        new InterceptedDataSource(world.databases().legacy());
                Databases operators = topology == Topology.ONE_DATABASE
                        ? Databases.shared(legacy)
                        : new Databases(legacy, world.databases().modern());
                Stage to = from == Stage.MODERN_READ ? Stage.MODERN_PRIMARY : Stage.MODERN_READ;

                try (HeldUp held = HeldUp.before(sql -> sql.contains("\"crossfade\".\"missed_write\""), legacy)) {
                    CompletableFuture<?> flip = CompletableFuture.runAsync(
                            () -> Flips.ofUsers(operators, Duration.ofSeconds(30))
                                    .change(new Request(List.of("user"), to, new Author("ada", "hurry"), true)),
                            OwnThread.EACH);
                    held.awaitReached();
                    new QueueActions(world.databases().controlDsl())
                            .act(Action.DISCARD, MissedFilter.of("user"), new Operator("bob", null), Integer.MAX_VALUE);
                    held.goOn();

                    assertThatThrownBy(() -> flip.get(60, TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("discarded")
                            .hasMessageContaining("crossfade verify user");
                }
                assertThat(crossfade.stages().standing("user").stage()).isEqualTo(from);
            }
        }
    }

    /** A stage at which the one user, 1, is the same on both sides. */
    private static Crossfade at(World world, Stage stage) {
        Crossfade crossfade = world.start();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        world.moveTo(crossfade, Stage.DUAL_WRITE);
        users.save(new User(1, "a@example.org", "Ada"));
        world.drain();
        world.moveTo(crossfade, stage);
        return crossfade;
    }

    /** The mirror is stale and has an intent, as after a writer that died. */
    private static void behind(World world, Stage stage) {
        damage(world, stage.authority().opposite());
        Notes.append(world.databases().dsl(stage.authority()), "user", List.of(ONE));
    }

    private static void damage(World world, Side mirror) {
        world.of(mirror)
                .execute(
                        mirror == Side.MODERN
                                ? "update modern.accounts set full_name = 'Damaged'"
                                : "update legacy.users set first_name = 'Damaged'");
    }

    private static List<String> rows(World world, Side side) {
        return world.of(side)
                .dsl()
                .fetch(
                        side == Side.MODERN
                                ? "select full_name from modern.accounts"
                                : "select first_name from legacy.users")
                .getValues(0, String.class);
    }

    private static void force(Crossfade crossfade, Stage to) {
        crossfade.stages().change(new Request(List.of("user"), to, new Author("test", "a test's own step"), true));
    }

    /** A worker that can be paused. */
    private static final class Worker implements AutoCloseable {

        private final InterceptedDataSource legacy;
        private final InterceptedDataSource modern;
        private final Drain drain;
        private HeldUp held;

        Worker(World world) {
            this.legacy = new InterceptedDataSource(world.databases().legacy());
            this.modern = world.databases().areShared()
                    ? legacy
                    : new InterceptedDataSource(world.databases().modern());
            Databases databases = new Databases(legacy, modern);
            this.drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
            this.held = HeldUp.before(sql -> false, legacy, modern);
        }

        /** Starts work that is paused before a statement; returns once it is. */
        CompletableFuture<Drain.Round> heldBefore(String statement, Supplier<Drain.Round> work) {
            held = HeldUp.before(sql -> sql.contains(statement), legacy, modern);
            CompletableFuture<Drain.Round> round = CompletableFuture.supplyAsync(work, OwnThread.EACH);
            held.awaitReached();
            return round;
        }

        Drain.Round missedWrites() {
            return drain.missedWrites(Users.MAPPING);
        }

        Drain.Round intents() {
            return drain.intents(Users.MAPPING, Duration.ZERO);
        }

        void goOn() {
            held.goOn();
        }

        @Override
        public void close() {
            held.close();
        }
    }
}
