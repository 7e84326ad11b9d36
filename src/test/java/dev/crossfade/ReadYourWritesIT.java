package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.util.NamedFeature;

/**
 * Invariant 4: a save that returned is seen by every later read on the same instance, in every stage, whatever the
 * mirror does. That the modern server may be down meanwhile is {@link StoppedServerIT}'s matter.
 */
class ReadYourWritesIT {

    private static final int ROUNDS = 15;

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.values()).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void whatWasWrittenIsReadAtOnce(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            writeAndRead(crossfade, users);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatTheMirrorDoesNotHaveYetIsReadFromTheAuthority(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(user(1, "stale"));
            users.save(user(2, "untouched"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            // The mirror row shows which side answered.
            world.modern().execute("update modern.accounts set full_name = 'Modern Answered' where account_id = 2");

            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                assertThat(users.find(2L)).contains(new User(2, user(2, "").email(), "Modern Answered"));

                writeAndRead(crossfade, users);

                // A key without pending writes may still be read from the modern side.
                assertThat(users.find(2L)).contains(new User(2, user(2, "").email(), "Modern Answered"));
                assertThat(crossfade.pending("user")).isPositive();
            }
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(users.find(1L)).isEqualTo(new SideUsers(crossfade.routing(), Side.MODERN).find(1L));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aCallerCanWaitForTheMirrorOfItsOwnRecord(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            SideUsers modern = new SideUsers(crossfade.routing(), Side.MODERN);
            assertThat(users.awaitMirror(1L, Duration.ZERO)).isTrue();

            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                users.save(user(1, "waited for"));
                assertThat(users.awaitMirror(1L, Duration.ofMillis(50))).isFalse();
                assertThat(users.awaitMirror(2L, Duration.ZERO)).isTrue();
            }

            assertThat(users.awaitMirror(1L, Duration.ofSeconds(20))).isTrue();
            assertThat(modern.find(1L)).contains(user(1, "waited for"));
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRecordThatDoesNotFitTheMirrorIsReadFromTheAuthority(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(user(1, "fits"));
            User unfit = user(1, "x".repeat(60));

            users.save(unfit);
            Awaitility.await().until(() -> world.missedWrites() == 1);

            assertThat(users.find(1L)).contains(unfit);
            assertThat(users.findByEmail(unfit.email())).contains(unfit);
            assertThat(users.page(null, 10)).containsExactly(unfit);
            // The worker clears the missed write; the instance notices.
            users.save(user(1, "fits again"));
            world.drain();
            Awaitility.await().until(() -> crossfade.pending("user") == 0);
            assertThat(users.find(1L)).contains(user(1, "fits again"));
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The worker, or a flip, may find out before the instance's own applier does. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRecordThatSomeoneElseFoundNotToFitIsReadFromTheAuthority(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            Databases connections = topology == Topology.ONE_DATABASE
                    ? new Databases(legacy, legacy)
                    : new Databases(legacy, world.databases().modern());
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS, connections);
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(user(1, "fits"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            CountDownLatch someoneElseIsDone = new CountDownLatch(1);
            legacy.intercept(sql -> {
                if (Thread.currentThread().getName().equals("crossfade-applier")) {
                    await(someoneElseIsDone);
                }
            });
            User unfit = user(1, "x".repeat(60));

            users.save(unfit);
            Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
            assertThat(drain.intents(Users.MAPPING, Duration.ZERO).missed()).isEqualTo(1);
            someoneElseIsDone.countDown();

            assertThat(crossfade.awaitLevel(Duration.ofSeconds(1))).isFalse();
            assertThat(users.find(1L)).contains(unfit);
            users.save(user(1, "fits again"));
            world.drain();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatATransactionOfTheServiceWroteIsReadAfterItsCommit(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            users.save(user(1, "before"));

            try (TestDatabase.Session session = world.modern().session()) {
                session.execute("begin; lock table modern.accounts in share row exclusive mode");
                world.databases()
                        .dsl(Side.LEGACY)
                        .transaction(outer -> crossfade.join(outer, Side.LEGACY, tx -> {
                            users.in(tx).save(user(1, "joined"));
                            assertThat(users.in(tx).find(1L)).contains(user(1, "joined"));
                            return null;
                        }));
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(users.find(1L)).contains(user(1, "joined"));
                    assertThat(users.findByEmail(user(1, "").email())).contains(user(1, "joined"));
                }
            }
            Awaitility.await().until(() -> crossfade.pending("user") == 0);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theRampDecidesKeyByKeyAndAlikeOnEveryInstance(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade one = world.start();
            Crossfade two = world.start();
            DualWriteUsers users = new DualWriteUsers(one.routing());
            DualWriteUsers others = new DualWriteUsers(two.routing());
            world.moveTo(one, Stage.MODERN_READ);
            world.legacy()
                    .execute("insert into legacy.users select id, null, 'Legacy' from generate_series(1, 200) as id");
            world.modern()
                    .execute(
                            "insert into modern.accounts select id, null, 'Modern' from generate_series(1, 200) as id");

            for (String ramp : List.of("0", "12.5", "100")) {
                one.stateRepository(() -> "operator")
                        .setFeatureState(new FeatureState(new NamedFeature("user.modern-read"), true)
                                .setParameter("ramp", ramp));
                Awaitility.await().until(() -> answers(users).equals(answers(others)) && matches(ramp, users));
            }
            one.stages()
                    .change(new Request(
                            List.of("user"), Stage.SHADOW_READ, new Author("operator", "flag off, at once"), false));
            world.awaitAcknowledged();
            assertThat(answers(users)).isEqualTo(answers(others)).containsOnly("Legacy");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> answers(DualWriteUsers users) {
        return Stream.iterate(1L, id -> id + 1)
                .limit(200)
                .map(id -> users.find(id).orElseThrow().name())
                .toList();
    }

    private static boolean matches(String ramp, DualWriteUsers users) {
        long modern = answers(users).stream().filter("Modern"::equals).count();
        return switch (ramp) {
            case "0" -> modern == 0 && users.page(null, 1).getFirst().name().equals("Legacy");
            case "100" -> modern == 200 && users.page(null, 1).getFirst().name().equals("Modern");
            default ->
                modern > 5
                        && modern < 60
                        && users.page(null, 1).getFirst().name().equals("Legacy");
        };
    }

    private static void writeAndRead(Crossfade crossfade, DualWriteUsers users) {
        for (int round = 0; round < ROUNDS; round++) {
            User saved = new User(1, "r" + round + "@example.org", "Round " + round);
            users.save(saved);
            assertSeen(users, saved);

            Users.rename(users, 1, "Renamed " + round);
            User renamed = new User(1, saved.email(), "Renamed " + round);
            assertSeen(users, renamed);

            User inTransaction = new User(1, "t" + round + "@example.org", "Inside " + round);
            crossfade.transaction(tx -> {
                users.in(tx).save(inTransaction);
                assertSeen(users.in(tx), inTransaction);
                return null;
            });
            assertSeen(users, inTransaction);
            assertThat(users.findByEmail(saved.email())).isEmpty();

            assertThat(users.delete(1L)).isTrue();
            assertThat(users.find(1L)).isEmpty();
            assertThat(users.findByEmail(inTransaction.email())).isEmpty();
            assertThat(users.findAll(List.of(1L))).isEmpty();
            assertThat(users.page(null, 10)).extracting(User::id).doesNotContain(1L);
        }
    }

    private static void assertSeen(Users.UserRepository users, User user) {
        assertThat(users.find(user.id())).contains(user);
        assertThat(users.findByEmail(Optional.ofNullable(user.email()).orElseThrow()))
                .contains(user);
        assertThat(users.findAll(List.of(user.id()))).containsExactly(user);
        assertThat(users.page(null, 10)).contains(user);
    }

    private static User user(long id, String name) {
        return new User(id, "u" + id + "@example.org", "U" + id + " " + name);
    }
}
