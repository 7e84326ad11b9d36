package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.CrashingService;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 2: after any crash, every committed authoritative write is on the mirror or has a durable intent. */
class NeverLostIT {

    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());

    static Stream<Arguments> bothAuthorities() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void whatAKilledServiceHadAcknowledgedReachesTheMirror(Topology topology, Stage stage) throws Exception {
        Random random = new Random(SEED);
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            Map<Long, Integer> acknowledged = killAfter(world, 20 + random.nextInt(200));
            world.awaitNoOtherWriter();

            world.drain();

            assertThat(world.differences()).as("seed %d", SEED).isEmpty();
            acknowledged.forEach((key, version) -> assertThat(users.find(key))
                    .as("seed %d: %d was acknowledged at %d", SEED, key, version)
                    .isIn(state(key, version), state(key, version + 1)));
        }
    }

    /** What a version leaves; the one after the last that was acknowledged may have been committed as well. */
    private static Optional<User> state(long key, int version) {
        return version % CrashingService.DELETION == 0
                ? Optional.empty()
                : Optional.of(CrashingService.version(key, version));
    }

    /** Returns the last acknowledged version of each key. */
    private static Map<Long, Integer> killAfter(World world, int acknowledgements) throws IOException {
        Map<Long, Integer> acknowledged = new HashMap<>();
        Process service = CrashingService.start(world, 1);
        try (BufferedReader lines = service.inputReader()) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                acknowledged.put(Long.parseLong(line.substring(0, space)), Integer.parseInt(line.substring(space + 1)));
                if (++seen == acknowledgements) {
                    // SIGKILL: no handler, no flush. Its earlier output can still be read: Process would close the
                    // streams, its handle does not.
                    service.toHandle().destroyForcibly();
                }
            }
            assertThat(seen).as("acknowledgements").isGreaterThanOrEqualTo(acknowledgements);
        } finally {
            service.destroyForcibly();
        }
        return acknowledged;
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void whatAnInstanceLeftBehindIsWorkedOffByTheWorker(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            Side mirror = stage.authority().opposite();
            users.saveAll(List.of(user(2, "to be deleted"), user(3, "to be renamed")));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();

            try (TestDatabase.Session blocker = world.of(mirror).session()) {
                blocker.execute("begin; lock table %s in access exclusive mode"
                        .formatted(Users.MAPPING.relation(mirror).toTable()));
                users.save(user(1, "left behind"));
                users.delete(2L);
                Users.rename(users, 3, "Left Behind");
                crossfade.transaction(tx -> {
                    users.in(tx).save(user(4, "left behind"));
                    return null;
                });
                world.stop(crossfade);
                assertThat(world.intents()).isEqualTo(4);
            }
            int applied = world.drain();

            assertThat(applied).isEqualTo(4);
            assertThat(world.differences()).isEmpty();
            assertThat(new SideUsers(crossfade.routing(), mirror).page(null, 10))
                    .containsExactly(
                            user(1, "left behind"),
                            new User(3, "u3@example.org", "Left Behind"),
                            user(4, "left behind"));
        }
    }

    /** The applier dies after the mirror's commit, before the intents are deleted: repeating the work does no harm. */
    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void anApplierThatDiesBeforeItsIntentsAreGoneIsRepeated(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(user(1, "first"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            world.stop(crossfade);
            SideUsers authoritative = new SideUsers(crossfade.routing(), stage.authority());
            authoritative.save(user(1, "second"));
            authoritative.save(user(2, "new"));
            List<RecordKey> keys = List.of(RecordKey.of("1"), RecordKey.of("2"));
            List<PendingKey> work = Notes.append(world.databases().dsl(stage.authority()), "user", keys).stream()
                    .map(intent -> new PendingKey(intent.key(), List.of(intent)))
                    .toList();
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            InterceptedDataSource modern = topology == Topology.ONE_DATABASE
                    ? legacy
                    : new InterceptedDataSource(world.databases().modern());
            AtomicBoolean died = new AtomicBoolean();
            for (InterceptedDataSource database : List.of(legacy, modern)) {
                database.intercept(sql -> {
                    if (sql.contains("delete from crossfade.intent")) {
                        died.set(true);
                        throw new InternalError("a test's own");
                    }
                });
            }

            assertThatThrownBy(() -> new Reconciler(new Databases(legacy, modern), ReconcileListener.NONE)
                            .reconcile(Users.MAPPING, work))
                    .isInstanceOf(InternalError.class);
            assertThat(died).isTrue();
            assertThat(world.intents()).isEqualTo(2);
            authoritative.delete(2L);
            authoritative.save(user(1, "third"));
            world.drain();

            assertThat(world.differences()).isEmpty();
            assertThat(new SideUsers(crossfade.routing(), stage.authority().opposite()).page(null, 10))
                    .containsExactly(user(1, "third"));
        }
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void aMirrorThatWasNotCommittedKeepsItsIntents(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(user(1, "first"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            world.stop(crossfade);
            new SideUsers(crossfade.routing(), stage.authority()).save(user(1, "second"));
            RecordKey key = RecordKey.of("1");
            List<Intent> intents = Notes.append(world.databases().dsl(stage.authority()), "user", List.of(key));
            InterceptedDataSource mirror = new InterceptedDataSource(
                    world.databases().of(stage.authority().opposite()));
            DataSource other = world.databases().of(stage.authority());
            Databases databases = topology == Topology.ONE_DATABASE
                    ? Databases.shared(mirror)
                    : stage.authority() == Side.LEGACY ? new Databases(other, mirror) : new Databases(mirror, other);
            mirror.interceptCommit(() -> {
                throw new InternalError("a test's own");
            });

            assertThatThrownBy(() -> new Reconciler(databases, ReconcileListener.NONE)
                            .reconcile(Users.MAPPING, List.of(new PendingKey(key, intents))))
                    .isInstanceOf(InternalError.class);

            assertThat(world.intents()).isEqualTo(1);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** An intent that is noted while the key is being applied is not counted as done. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void anIntentThatIsNotedDuringAnApplicationSurvivesIt(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.save(user(1, "first"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            world.stop(crossfade);
            RecordKey key = RecordKey.of("1");
            List<Intent> first = Notes.append(world.databases().controlDsl(), "user", List.of(key));
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            AtomicBoolean noted = new AtomicBoolean();
            legacy.intercept(sql -> {
                if (sql.contains("delete from crossfade.intent") && noted.compareAndSet(false, true)) {
                    Notes.append(world.databases().controlDsl(), "user", List.of(key));
                }
            });
            Databases databases = topology == Topology.ONE_DATABASE
                    ? Databases.shared(legacy)
                    : new Databases(legacy, world.databases().modern());

            new Reconciler(databases, ReconcileListener.NONE)
                    .reconcile(Users.MAPPING, List.of(new PendingKey(key, first)));

            assertThat(noted).isTrue();
            assertThat(world.intents()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("bothAuthorities")
    void aRolledBackTransactionLeavesNoIntent(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            // Without writing the modern mirror itself, the instance notes an intent for every write.
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withModernWrite(false));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            assertThatThrownBy(() -> crossfade.transaction(tx -> {
                        users.in(tx).save(user(1, "never"));
                        users.in(tx).delete(1L);
                        users.in(tx).save(user(2, "never"));
                        throw new IllegalStateException("changed my mind");
                    }))
                    .hasMessage("changed my mind");

            assertThat(crossfade.pending("user")).isZero();
            assertThat(world.intents()).isZero();
            assertThat(new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE))
                            .intents(Users.MAPPING, Duration.ZERO)
                            .isIdle())
                    .isTrue();
            for (Side side : Side.values()) {
                assertThat(new SideUsers(crossfade.routing(), side).page(null, 10))
                        .isEmpty();
            }
        }
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
