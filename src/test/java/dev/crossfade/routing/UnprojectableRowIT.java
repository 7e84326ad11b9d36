package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Things.RoutedThings;
import dev.crossfade.testing.Things.Thing;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes of rows that project cannot convert, while legacy decides. */
class UnprojectableRowIT {

    /** Divides by zero, or reads a text that is no number, no query for a text search, no date. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ONE_DATABASE  | (100 / length(note))::text | ''
            TWO_DATABASES | (100 / length(note))::text | ''
            ONE_DATABASE  | concat(note, '1')::int::text | 'x'
            TWO_DATABASES | concat(note, '1')::int::text | 'x'
            ONE_DATABASE  | to_tsquery('pg_catalog.simple', note)::text | 'a b'
            TWO_DATABASES | to_tsquery('pg_catalog.simple', note)::text | 'a b'
            """)
    @DisplayName("the authoritative write goes through, the key is a missed write, and others are mirrored")
    void aRowThatProjectCannotTakeBlocksNobody(Topology topology, String expression, String bad) {
        try (Things things = Things.projecting(topology, expression)) {
            RoutedThings routed = things.at(Stage.DUAL_WRITE);
            routed.save(new Thing("1", "5"));
            routed.save(new Thing("2", bad));
            routed.saveAll(List.of(new Thing("3", "5"), new Thing("4", bad), new Thing("5", "5")));
            things.crossfade().transaction(tx -> {
                routed.in(tx).save(new Thing("6", bad));
                return 1;
            });
            routed.save(new Thing("7", "5"));

            assertThat(things.rows(Side.LEGACY)).hasSize(7).contains("2 " + bad, "4 " + bad, "6 " + bad);
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                new Drain(things.databases(), new Reconciler(things.databases(), ReconcileListener.NONE))
                        .intents(things.mapping(), Duration.ZERO);
                assertThat(new MissedWrites(things.databases().controlDsl())
                                .list(Optional.of("thing"), 10).stream().map(MissedWrites.MissedWrite::key))
                        .containsExactlyInAnyOrder(RecordKey.of("2"), RecordKey.of("4"), RecordKey.of("6"));
                assertThat(things.of(Side.MODERN)
                                .dsl()
                                .fetch("select id from modern.thing order by 1")
                                .getValues(0, Integer.class))
                        .containsExactly(1, 3, 5, 7);
            });
        }
    }
}
