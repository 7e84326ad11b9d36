package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Flips;
import dev.crossfade.testing.HeldUp;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A backfill whose process is paused within a batch. It notes no intents that a flip would wait for. A row that it
 * inserts after the flip, and after the row's deletion on the new authoritative side, would be a ghost for ever.
 */
class BackfillStandstillIT {

    private static final String COPYING = "insert into \"modern\".\"accounts\"";

    @ParameterizedTest
    @EnumSource
    void aFlipWaitsForTheBatchThatIsBeingCopied(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Service service = service(world, Stage.MODERN_READ);
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            try (HeldUp held = HeldUp.before(sql -> sql.contains(COPYING), modern)) {
                CompletableFuture<Backfill.Result> backfill = backfill(world, Side.MODERN, modern);
                held.awaitReached();

                // Shorter than the silence after which the server ends the batch.
                assertThatThrownBy(() -> flip(world, Duration.ofMillis(700)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("writing the mirror");

                held.goOn();
                assertThat(backfill.get(60, TimeUnit.SECONDS).complete()).isTrue();
            }
            flip(world, Duration.ofSeconds(30));
            world.awaitAcknowledged();
            assertThat(service.users().delete(3L)).isTrue();
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatBeganInTheStageBeforeTheFlipIsNotCopied(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Service service = service(world, Stage.MODERN_READ);
            InterceptedDataSource legacy =
                    new InterceptedDataSource(world.databases().legacy());
            try (HeldUp held = HeldUp.before(sql -> sql.contains("pg_advisory_xact_lock_shared"), legacy)) {
                CompletableFuture<Backfill.Result> backfill = backfill(world, Side.LEGACY, legacy);
                held.awaitReached();
                flip(world, Duration.ofSeconds(30));
                world.awaitAcknowledged();
                service.users().delete(3L);
                held.goOn();

                assertThatThrownBy(() -> backfill.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(CrossfadeException.class)
                        .hasMessageContaining("modern-primary");
            }
            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .as("rows that a backfill has copied onto the side that decides")
                    .isEqualTo(0L);
        }
    }

    private record Service(Crossfade crossfade, DualWriteUsers users) {}

    /** A service at a stage, with users that nobody has copied yet. */
    private static Service service(World world, Stage stage) {
        Crossfade crossfade = world.start();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        Backfills.insert(world, 1, 20);
        world.moveTo(crossfade, stage);
        return new Service(crossfade, users);
    }

    /** Starts a backfill in a process that uses {@code watched} for a side, or for both where they share a database. */
    private static CompletableFuture<Backfill.Result> backfill(World world, Side side, InterceptedDataSource watched) {
        Databases own = side == Side.LEGACY
                ? new Databases(watched, world.databases().modern())
                : new Databases(world.databases().legacy(), watched);
        Databases databases = world.databases().areShared() ? Databases.shared(watched) : own;
        return CompletableFuture.supplyAsync(
                () -> new Backfill(databases, Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run(),
                OwnThread.EACH);
    }

    private static void flip(World world, Duration deadline) {
        Flips.ofUsers(world.databases(), deadline)
                .change(new Request(List.of("user"), Stage.MODERN_PRIMARY, new Author("ada", "hurry"), true));
    }
}
