package dev.crossfade.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
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
import dev.crossfade.testing.TestDatabase.Session;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody writes the mirror side past the service, between a flip's last check and its end. That side is
 * authoritative afterwards, so the row has to be noted.
 */
class CaptureStandstillIT {

    /**
     * The statement with which a flip, after all its checks, begins to record the step, or to announce it to the
     * modern database.
     */
    private static final String RECORDING = "select pg_advisory_xact_lock(hashtextextended(";

    static Stream<Arguments> flips() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(topology, Stage.MODERN_READ, Stage.MODERN_PRIMARY),
                        Arguments.of(topology, Stage.MODERN_PRIMARY, Stage.MODERN_READ)));
    }

    @ParameterizedTest
    @MethodSource("flips")
    void aRowOfTheSideThatIsAboutToDecideIsNoted(Topology topology, Stage from, Stage to) throws Exception {
        try (World world = new World(topology)) {
            Crossfade service = world.start();
            new DualWriteUsers(service.routing());
            new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
            world.moveTo(service, from);
            InterceptedDataSource control =
                    new InterceptedDataSource(world.databases().legacy());
            Databases operators = topology == Topology.ONE_DATABASE
                    ? Databases.shared(control)
                    : new Databases(control, world.databases().modern());
            String row = to.authority() == Side.MODERN
                    ? "insert into modern.accounts values (7, null, 'Past')"
                    : "insert into legacy.users values (7, null, 'Past')";

            try (HeldUp held = HeldUp.before(sql -> sql.startsWith(RECORDING), control);
                    Session past = world.of(to.authority()).session()) {
                CompletableFuture<?> flip = CompletableFuture.runAsync(() -> flip(operators, to), OwnThread.EACH);
                held.awaitReached();
                past.execute("begin");
                CompletableFuture<Void> write = CompletableFuture.runAsync(() -> past.execute(row), OwnThread.EACH);
                HeldUp.awaitLockOr(world.of(to.authority()), write::isDone);
                held.goOn();
                flip.get(60, TimeUnit.SECONDS);
                write.get(60, TimeUnit.SECONDS);
                past.execute("commit");
            }

            assertThat(service.stages().standing("user").stage()).isEqualTo(to);
            assertThat(world.intents()).as("what was written past the service").isPositive();
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    private static void flip(Databases databases, Stage to) {
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        new StageChanger(
                        databases,
                        List.of(),
                        new AuthorityFlip(
                                databases, drain, entity -> Optional.of(Users.MAPPING), Duration.ofSeconds(30)),
                        GateListener.NONE)
                .change(new Request(List.of("user"), to, new Author("ada", "hurry"), true));
    }
}
