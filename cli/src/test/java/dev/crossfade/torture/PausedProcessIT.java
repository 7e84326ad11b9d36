package dev.crossfade.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.Databases;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.PausedProcess;
import dev.crossfade.testing.SteadySaves;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import dev.crossfade.verify.RepairMode;
import dev.crossfade.verify.Sweep;
import dev.crossfade.verify.SweepListener;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Crossfade's processes are paused before each of their statements: writers of the same keys wait no longer than the
 * server allows.
 */
class PausedProcessIT {

    private static final int WRITERS = 3;

    /**
     * The longest silence that the server allows a holder of a writer's rows, a save's own time on a busy machine, and
     * a margin.
     */
    private static final Duration BOUND = Duration.ofSeconds(4);

    /** Whether every statement is tried, in the long form. */
    private static final boolean EVERY = Integer.getInteger("crossfade.torture.steps", 6) > 6;

    /** A repair rechecks keys that never come to rest, so it does not run out of statements while nobody is paused. */
    private static final int PAUSES = EVERY ? 500 : 5;

    /** What runs beside writers. */
    private enum Work {
        DRAIN(7),
        BACKFILL(29),
        SWEEP(113),
        REPAIR(113);

        private final int stride;

        Work(int stride) {
            this.stride = EVERY ? 1 : stride;
        }

        void run(Databases databases) {
            switch (this) {
                case DRAIN ->
                    new Drain(databases, new Reconciler(databases, ReconcileListener.NONE))
                            .intents(Users.MAPPING, Duration.ZERO);
                case BACKFILL ->
                    new Backfill(databases, Users.MAPPING, new Backfill.Settings(1_000, 0), BackfillListener.NONE)
                            .run();
                case SWEEP ->
                    new Sweep(
                                    databases,
                                    Users.MAPPING,
                                    new Sweep.Settings(1_000_000, Duration.ZERO),
                                    SweepListener.NONE)
                            .turn(Duration.ofMillis(500), () -> false);
                case REPAIR ->
                    new Verification(databases, Users.MAPPING, VerificationListener.NONE)
                            .run(new RepairMode.AtMost(Long.MAX_VALUE));
            }
        }
    }

    static Stream<Arguments> works() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Work.values()).map(work -> Arguments.of(topology, work)));
    }

    @ParameterizedTest
    @MethodSource("works")
    void whoeverStandsStillHoldsNoWriterUpForLong(Topology topology, Work work) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            boolean reached = true;
            for (int pause = 0; reached && pause < PAUSES; pause++) {
                int statement = 1 + pause * work.stride;
                try (SteadySaves saves = new SteadySaves(users, WRITERS)) {
                    saves.awaitMore(10);
                    damage(world, work);
                    reached = PausedProcess.before(
                            world, sql -> true, statement, databases -> run(work, databases), () -> {
                                saves.awaitMore(10 * WRITERS);
                                // A verification waits for keys that never come to rest.
                                saves.close();
                            });
                    saves.close();

                    assertThat(saves.failures()).isEmpty();
                    assertThat(saves.longest())
                            .as("longest save while it stood still before statement %d", statement)
                            .isLessThan(BOUND);
                    world.drain();
                    assertThat(saves.lost(users)).isEmpty();
                }
            }
        }
    }

    /** Gives each kind of work something to do with the writers' keys. */
    private static void damage(World world, Work work) {
        List<RecordKey> keys = LongStream.range(SteadySaves.FIRST, SteadySaves.FIRST + WRITERS)
                .mapToObj(key -> RecordKey.of(Long.toString(key)))
                .toList();
        if (work == Work.DRAIN) {
            Notes.append(world.legacy().dsl(), "user", keys);
        }
        world.modern().execute("insert into modern.accounts values (7, null, 'A Stranger') on conflict do nothing");
        world.legacy().execute("delete from crossfade.backfill");
    }

    private static void run(Work work, Databases databases) {
        try {
            work.run(databases);
        } catch (CrossfadeException | DataAccessException e) {
            // The server has ended its session, and the message says so.
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
