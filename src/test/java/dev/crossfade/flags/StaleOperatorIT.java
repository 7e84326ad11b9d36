package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Operators and instances that act on stale information. */
class StaleOperatorIT {

    @Test
    void aFlipThatWasDecidedLongAgoDoesNotLowerTheFence() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            Step stale = new Step("user", crossfade.stages().standing("user"), Stage.MODERN_READ);
            world.moveTo(crossfade, Stage.MODERN_READ);
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            world.moveTo(crossfade, Stage.MODERN_READ);
            Optional<Standing> fence = AuthorityTable.find(world.databases().dsl(Side.MODERN), "user");
            AuthorityFlip flip = new AuthorityFlip(
                    world.databases(),
                    new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE)),
                    entity -> Optional.of(Users.MAPPING),
                    Duration.ofSeconds(10));

            assertThatThrownBy(() -> flip.flip(
                            Side.MODERN,
                            new DecidedChange(List.of(stale), new Author("late", null), Map.of(), 0, Map.of())))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Someone else moved user meanwhile");

            assertThat(AuthorityTable.find(world.databases().dsl(Side.MODERN), "user"))
                    .isEqualTo(fence);
        }
    }

    /** Entities that are moved together need not come from the same stage. */
    @Test
    void anEntityThatMovesAlongWithAFlipFencesOffItsWritersToo() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            world.start();
            Standing here = new Standing(Stage.MODERN_READ, 7);
            Standing along = new Standing(Stage.MODERN_ONLY, 7);
            AuthorityTable.put(world.databases().controlDsl(), "here", here);
            AuthorityTable.put(world.databases().controlDsl(), "along", along);
            AuthorityFlip flip = new AuthorityFlip(
                    world.databases(),
                    new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE)),
                    entity -> Optional.of(Users.MAPPING),
                    Duration.ofSeconds(10));

            flip.flip(
                    Side.LEGACY,
                    new DecidedChange(
                            List.of(
                                    new Step("along", along, Stage.MODERN_PRIMARY),
                                    new Step("here", here, Stage.MODERN_PRIMARY)),
                            new Author("ada", null),
                            Map.of(),
                            0,
                            Map.of()));

            assertThat(AuthorityTable.find(world.databases().dsl(Side.MODERN), "along"))
                    .contains(new Standing(Stage.MODERN_PRIMARY, 8));
        }
    }

    @Test
    void theStageDoesNotMoveWhileAnInstanceThatStartsIsReadingIt() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade operator = world.start();
            new DualWriteUsers(operator.routing());
            InterceptedDataSource database =
                    new InterceptedDataSource(world.databases().legacy());
            Crossfade starting = world.start(RoutingSettings.DEFAULTS, Databases.shared(database));
            AtomicReference<RuntimeException> refused = new AtomicReference<>();
            database.intercept(sql -> {
                if (sql.contains("\"crossfade\".\"flag\"")
                        && Thread.currentThread().getName().equals("starting")) {
                    // The stage has been read; a move now is unseen by this instance.
                    database.letGo();
                    try {
                        operator.stages()
                                .change(new Request(
                                        List.of("user"), Stage.DUAL_WRITE, new Author("operator", null), false));
                    } catch (RefusedException e) {
                        refused.set(e);
                    }
                }
            });
            Thread.currentThread().setName("starting");

            new DualWriteUsers(starting.routing());

            assertThat(refused.get()).hasMessageContaining("fleet acknowledged");
            world.moveTo(operator, Stage.DUAL_WRITE);
        }
    }
}
