package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.backfill.Backfill.Result;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The modern table refers to itself: rows are copied in any order of their keys. */
class BackfillReferencesIT {

    private static final TableMapping NODES = TableMapping.table("node")
            .legacy("legacy", "nodes")
            .modern("modern", "nodes")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("Parent", "bigint"), "parent")
            .restore(new Column("parent", "integer"), "\"Parent\"")
            .build();

    private static final int NODES_OF_ALL = 3_000;
    private static final int BATCH = 100;

    /** To which node each of the {@code 3000} nodes refers. */
    private enum Shape {
        CHAIN_TO_LATER_KEYS("nullif(n + 1, 3001)"),
        CHAIN_TO_EARLIER_KEYS("nullif(n - 1, 0)"),
        TREE("nullif(n / 3, 0)"),
        TREE_UPSIDE_DOWN("case when n < 3000 then 3000 - (3000 - n) / 3 end"),
        ITSELF("n"),
        PARTNERS_AT_BOTH_ENDS("3001 - n"),
        RANDOM("1 + (hashint4(n) & 1048575) %% 3000"),
        RINGS_OF_THREE("(n - 1 + 1000) %% 3000 + 1");

        private final String parent;

        Shape(String parent) {
            this.parent = parent.replace("%%", "%");
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Shape.values()).map(shape -> Arguments.of(topology, shape)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void allRowsAreCopiedAndNoneIsMissed(Topology topology, Shape shape) {
        try (World world = world(topology, "")) {
            insert(world, shape.parent);

            Result result = backfill(world);

            assertThat(result.rowsWritten()).isEqualTo(NODES_OF_ALL);
            assertThat(result.rowsMissed()).isZero();
            assertThat(result.complete()).isTrue();
            assertLevel(world);
            assertThat(new MissedWrites(world.legacy().dsl()).list(Optional.of("node"), 10))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsCheckedAtTheCommitIsCheckedBefore(Topology topology) {
        try (World world = world(topology, "deferrable initially deferred")) {
            insert(world, Shape.CHAIN_TO_LATER_KEYS.parent);

            assertThat(backfill(world).rowsWritten()).isEqualTo(NODES_OF_ALL);

            assertLevel(world);
        }
    }

    /** One parent is missing, and with it all rows that depend on it; when it arrives, all of them do. */
    @ParameterizedTest
    @EnumSource
    void rowsOfAParentThatIsMissingWaitForIt(Topology topology) {
        try (World world = world(topology, "")) {
            insert(world, Shape.CHAIN_TO_EARLIER_KEYS.parent);
            world.legacy().execute("alter table legacy.nodes alter parent type bigint");
            world.modern().execute("alter table modern.nodes add check (id <> 2000)");

            Result result = backfill(world);

            assertThat(result.rowsWritten()).isEqualTo(1999);
            assertThat(result.rowsMissed()).isEqualTo(1001);
            world.modern().execute("alter table modern.nodes drop constraint nodes_id_check");
            world.legacy().execute("update crossfade.missed_write set next_try_at = now() where key = '{2000}'");
            Drain drain = new Drain(world.databases(), new Reconciler(world.databases(), ReconcileListener.NONE));
            assertThat(drain.missedWrites(NODES)).isEqualTo(new Drain.Round(1001, 0, 0));
            assertLevel(world);
        }
    }

    private static World world(Topology topology, String checked) {
        World world = new World(topology);
        world.legacy().execute("create table legacy.nodes (id integer primary key, parent integer)");
        world.modern()
                .execute(
                        "create table modern.nodes (id bigint primary key, \"Parent\" bigint references modern.nodes %s)"
                                .formatted(checked));
        Orders.moveTo(world.databases(), NODES, Stage.DUAL_WRITE);
        return world;
    }

    private static void insert(World world, String parent) {
        world.legacy()
                .execute("insert into legacy.nodes select n, %s from generate_series(1, %d) as n"
                        .formatted(parent, NODES_OF_ALL));
    }

    private static Result backfill(World world) {
        return new Backfill(world.databases(), NODES, new Settings(BATCH, 0), BackfillListener.NONE).run();
    }

    private static void assertLevel(World world) {
        List<String> legacy = world.legacy()
                .dsl()
                .fetch("select id, parent from legacy.nodes order by id")
                .map(row -> row.get(0) + " " + row.get(1));
        List<String> modern = world.modern()
                .dsl()
                .fetch("select id, \"Parent\" from modern.nodes order by id")
                .map(row -> row.get(0) + " " + row.get(1));
        assertThat(modern).isEqualTo(legacy);
    }
}
