package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Things.RoutedThings;
import dev.crossfade.testing.Things.Thing;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A key that the legacy column would round, or cut, to another key is refused: it must not overwrite that one's row.
 */
class NarrowKeysIT {

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(topology, "integer", "numeric", "8", "7.5"),
                        Arguments.of(topology, "numeric(8,2)", "numeric(10,4)", "1.01", "1.0050"),
                        Arguments.of(topology, "character varying(3)", "text", "abc", "abc  "),
                        Arguments.of(
                                topology,
                                "timestamp(0) without time zone",
                                "timestamp without time zone",
                                "2024-01-05 10:00:01",
                                "2024-01-05 10:00:00.6")));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void noOtherRowIsOverwritten(Topology topology, String legacy, String modern, String key, String near)
            throws Exception {
        try (Things world = new Things(topology, legacy, modern, List.of())) {
            RoutedThings things = world.at(Stage.DUAL_WRITE);
            things.save(new Thing(key, "first"));

            assertThatThrownBy(() -> things.save(new Thing(near, "another"))).isInstanceOf(StatementException.class);

            world.moveTo(Stage.MODERN_PRIMARY);
            things.save(new Thing(key, "second"));
            assertThat(world.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            List<String> before = world.rows(Side.LEGACY);
            things.save(new Thing(near, "another"));

            Awaitility.await().until(() -> new MissedWrites(world.databases().controlDsl()).count("thing") == 1);
            assertThat(world.rows(Side.LEGACY)).isEqualTo(before);
            assertThat(things.noteOf(near)).isEqualTo("another");
            assertThat(things.noteOf(key)).isEqualTo("second");
        }
    }
}
