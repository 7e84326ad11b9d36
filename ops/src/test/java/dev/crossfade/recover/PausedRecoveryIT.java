package dev.crossfade.recover;

import static dev.crossfade.recover.Diverged.decision;
import static dev.crossfade.recover.Diverged.diverge;
import static dev.crossfade.recover.Diverged.freeze;
import static dev.crossfade.recover.Diverged.frozen;
import static dev.crossfade.recover.Diverged.recovery;
import static dev.crossfade.recover.Diverged.worldAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.PausedProcess;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.verify.VerificationListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A recovery stands still while it holds rows: their writers wait for no longer than the server lets them. */
class PausedRecoveryIT {

    /** The longest silence that the server allows it, a save's own time on a busy machine, and some more. */
    private static final Duration BOUND = Duration.ofSeconds(4);

    /** The statement, counted from the first lock on rows, before which it stands still. */
    private static final int STATEMENT = 4;

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void writersOfItsRowsWaitNoLongerThanTheServerLetsThem(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            DualWriteUsers users = worldAt(world, stage);
            diverge(world);
            freeze(world);
            AtomicLong longest = new AtomicLong();

            boolean reached = PausedProcess.before(
                    world,
                    sql -> sql.contains("for update of"),
                    STATEMENT,
                    databases -> {
                        try {
                            new Recovery(databases, Users.MAPPING, VerificationListener.NONE)
                                    .decide(decision(stage.authority().opposite()));
                        } catch (CrossfadeException | DataAccessException e) {
                            // The server has ended its session, and it says so.
                            assertThat(e).hasMessageNotContaining("null");
                        }
                    },
                    () -> {
                        for (long id : List.of(2L, 3L, 101L)) {
                            long start = System.nanoTime();
                            users.save(new User(id, null, "Written Meanwhile"));
                            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                        }
                    });

            assertThat(reached).isTrue();
            assertThat(Duration.ofNanos(longest.get())).isLessThan(BOUND);
            recovery(world).decide(decision(stage.authority().opposite()));
            assertThat(frozen(world)).isEmpty();
            world.drain();
            assertThat(world.differences()).isEmpty();
            for (long id : List.of(2L, 3L, 101L)) {
                assertThat(users.find(id)).map(User::name).contains("Written Meanwhile");
            }
        }
    }
}
