package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that wait for others are found by one query over all of them, not by trying one after the other. */
class MissingRowsIT {

    private static final TableMapping NODES = TableMapping.table("node")
            .legacy("legacy", "nodes")
            .modern("modern", "nodes")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("parent", "integer"), "parent")
            .restore(new Column("parent", "integer"), "parent")
            .build();

    private static final RetrySettings AT_ONCE =
            new RetrySettings(3, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ZERO);

    /**
     * 1 to 100 follow each other in a chain; 101 refers to a row that is nowhere on the mirror, and 102 to 110 to 101.
     */
    @ParameterizedTest
    @EnumSource
    void thoseThatNeedARowWhichIsNotThereWaitWithWhatNeedsThem(Topology topology) {
        try (World world = new World(topology)) {
            Batches.install(world, "node", Side.LEGACY);
            world.legacy()
                    .execute(
                            "create table legacy.nodes (id integer primary key, parent integer)",
                            "insert into legacy.nodes select n, nullif(n - 1, 0) from generate_series(1, 100) as n",
                            "insert into legacy.nodes select n, 101 from generate_series(102, 110) as n",
                            "insert into legacy.nodes values (101, 999), (999, null)");
            world.modern()
                    .execute(
                            "create table modern.nodes (id integer primary key, parent integer constraint its_parent references modern.nodes)");
            List<RecordKey> noted = Batches.numbers(110);
            Batches.note(world, Side.LEGACY, "node", noted.reversed());

            Reconciler reconciler =
                    new Reconciler(world.databases(), ReconcileListener.NONE, Reconciler.USUAL_PATIENCE, AT_ONCE);
            Drain.Round round = new Drain(world.databases(), reconciler).intents(NODES, Duration.ZERO);

            assertThat(round).isEqualTo(new Drain.Round(100, 0, 10));
            assertThat(Batches.missedNumbers(world))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(101, 110).boxed().toList());
            assertThat(Batches.missed(world)).allSatisfy(one -> {
                assertThat(one.sqlState()).isEqualTo("23503");
                assertThat(one.message())
                        .isEqualTo("the row of modern.nodes that it refers to by its_parent is not there yet");
                assertThat(one.attempts()).isZero();
            });
        }
    }
}
