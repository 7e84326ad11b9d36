package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.RefusedException;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint belongs to its tables: if the modern one is recreated, everything is copied again. */
class BackfillAnewIT {

    private static final int ROWS = 400;
    private static final String[] MAKE_ANEW = {
        "alter table modern.accounts rename to gone",
        "create table modern.accounts (like modern.gone including all)",
        "drop table modern.gone"
    };

    @ParameterizedTest
    @EnumSource
    void aTableThatIsMadeAnewIsCopiedAgain(Topology topology) {
        try (World world = world(topology)) {
            Backfills.run(world, Backfills.SMALL_BATCHES);
            assertThat(Backfills.run(world, Backfills.SMALL_BATCHES).nothingToDo())
                    .isTrue();

            world.modern().execute(MAKE_ANEW);

            complete(world);
            world.modern().execute("truncate modern.accounts");
            complete(world);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatIsMadeAnewWithinARunIsNotTakenForComplete(Topology topology) {
        try (World world = world(topology)) {
            assertThatThrownBy(() -> backfill(world, madeAnewAfter(world, 3)).run())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not complete")
                    .hasMessageContaining("the modern table was made anew");

            complete(world);
        }
    }

    /** The checkpoint is past rows that only the former table had. */
    @ParameterizedTest
    @EnumSource
    void aRunThatDiesAfterTheTableWasMadeAnewDoesNotGoOnFromItsCheckpoint(Topology topology) {
        try (World world = world(topology)) {
            AtomicInteger batches = new AtomicInteger();
            BackfillListener madeAnew = madeAnewAfter(world, 3);
            BackfillListener dies = new BackfillListener() {
                @Override
                public void batchCopied(Progress progress) {
                    madeAnew.batchCopied(progress);
                    if (batches.incrementAndGet() == 6) {
                        throw new KilledException();
                    }
                }
            };

            assertThatThrownBy(() -> backfill(world, dies).run()).isInstanceOf(KilledException.class);

            complete(world);
        }
    }

    /** A run that was taken for dead, and is not, must not move the checkpoint of the one that has started since. */
    @ParameterizedTest
    @EnumSource
    void aRunThatWasReplacedStops(Topology topology) {
        try (World world = world(topology)) {
            BackfillListener replaced = new BackfillListener() {
                @Override
                public void batchCopied(Progress progress) {
                    world.legacy()
                            .execute(
                                    "update crossfade.backfill set started_at = now(), checkpoint = null, rows_read = 0");
                }
            };

            assertThatThrownBy(() -> backfill(world, replaced).run())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("has begun anew");

            complete(world);
        }
    }

    /** What ends a run in its middle. */
    private static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static World world(Topology topology) {
        World world = new World(topology);
        Backfills.insert(world, 1, ROWS);
        Backfills.dualWrite(world);
        return world;
    }

    private static BackfillListener madeAnewAfter(World world, int batch) {
        AtomicInteger batches = new AtomicInteger();
        return new BackfillListener() {
            @Override
            public void batchCopied(Progress progress) {
                if (batches.incrementAndGet() == batch) {
                    world.modern().execute(MAKE_ANEW);
                }
            }
        };
    }

    private static Backfill backfill(World world, BackfillListener listener) {
        return new Backfill(world.databases(), Users.MAPPING, Backfills.SMALL_BATCHES, listener);
    }

    private static void complete(World world) {
        Backfill.Result result = Backfills.run(world, Backfills.SMALL_BATCHES);
        assertThat(result.complete()).isTrue();
        assertThat(result.nothingToDo()).isFalse();
        assertThat(result.rowsRead()).isEqualTo(ROWS);
        assertThat(world.differences()).isEmpty();
        assertThat(Backfills.run(world, Backfills.SMALL_BATCHES).nothingToDo()).isTrue();
    }
}
