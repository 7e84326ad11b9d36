package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Things.RoutedThings;
import dev.crossfade.testing.Things.Thing;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 3 where equal keys are spelled differently: the mirror's row takes over the authority's spelling. */
class RespelledKeysIT {

    /** How the authoritative row reaches the mirror after its key was respelled bypassing the service. */
    enum Way {
        SAVED,
        SAVED_IN_A_TRANSACTION,
        WRITTEN_BY_A_STATEMENT,
        DRAINED
    }

    private record Scene(Things things, RoutedThings repository, Side side) {

        TestDatabase authority() {
            return things.of(side);
        }

        void update(String set) {
            authority().execute("update " + side.label() + ".thing " + set);
        }

        void write(Way way, String key) {
            switch (way) {
                case SAVED -> repository.save(new Thing(key, "second"));
                case SAVED_IN_A_TRANSACTION ->
                    things.crossfade().transaction(tx -> {
                        repository.in(tx).save(new Thing(key, "second"));
                        return null;
                    });
                case WRITTEN_BY_A_STATEMENT ->
                    repository.write(legacy -> renoted("legacy", key), modern -> renoted("modern", key));
                case DRAINED -> {
                    update("set note = 'second'");
                    Notes.append(authority().dsl(), "thing", List.of(RecordKey.of(key)));
                    new Drain(things.databases(), new Reconciler(things.databases(), ReconcileListener.NONE))
                            .intents(things.mapping(), Duration.ZERO);
                }
            }
        }

        private ResultQuery<?> renoted(String schema, String key) {
            Field<Object> id = DSL.field(DSL.name("id"));
            Field<Object> given = things.mapping().legacy().key().getFirst().cast(DSL.val(key));
            return DSL.update(DSL.table(DSL.name(schema, "thing")))
                    .set(DSL.field(DSL.name("note"), String.class), "second")
                    .where(id.eq(given))
                    .returning(DSL.field(DSL.name("id"), String.class));
        }
    }

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                        .flatMap(stage -> Stream.of(
                                        List.of("public.citext", "Java", "java"), List.of("numeric", "1.0", "1.00"))
                                .map(type -> Arguments.of(topology, stage, type.get(0), type.get(1), type.get(2)))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void theMirrorTakesOverTheSpelling(Topology topology, Stage stage, String type, String one, String other)
            throws Exception {
        try (Things things = new Things(topology, type, "create extension citext schema public")) {
            Scene world = new Scene(things, things.at(stage), stage.authority());
            for (Way way : Way.values()) {
                world.repository().save(new Thing(one, "first"));
                assertThat(things.crossfade().awaitLevel(Duration.ofSeconds(20)))
                        .isTrue();
                world.update("set id = '" + other + "'");

                world.write(way, one);

                assertThat(things.crossfade().awaitLevel(Duration.ofSeconds(20)))
                        .isTrue();
                assertThat(things.rows(stage.authority().opposite()))
                        .as("%s", way)
                        .isEqualTo(things.rows(stage.authority()))
                        .containsExactly(other + " second");
                world.repository().delete(other);
                assertThat(things.crossfade().awaitLevel(Duration.ofSeconds(20)))
                        .isTrue();
                assertThat(things.rows(stage.authority().opposite())).isEmpty();
            }
        }
    }
}
