package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Topology;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys that are infinite, years BC, or printed by the session's settings are copied, compared and repaired like any
 * other.
 */
class OddKeysVerificationIT {

    static Stream<Arguments> keys() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(
                        Arguments.of(
                                topology,
                                "date",
                                List.of("infinity", "-infinity", "0044-03-15 BC", "0044-03-15", "0100-07-12 BC")),
                        Arguments.of(
                                topology,
                                "timestamptz",
                                List.of("infinity", "-infinity", "0044-03-15 10:00+00 BC", "0044-03-15 10:00+00")),
                        Arguments.of(
                                topology,
                                "tstzrange",
                                List.of(
                                        "[2024-01-01 10:00+05:45,infinity]",
                                        "[2024-01-01 10:00+05:45,)",
                                        "(0044-03-15 10:00+00 BC,0044-03-15 10:00+00]",
                                        "empty")),
                        Arguments.of(topology, "numeric", List.of("NaN", "Infinity", "1.50", "0.00"))));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void areCopiedComparedAndRepaired(Topology topology, String type, List<String> keys) {
        try (Things things = new Things(topology, type)) {
            things.at(Stage.DUAL_WRITE);
            things.of(Side.LEGACY)
                    .execute("alter database \"%s\" set timezone = 'Asia/Tokyo'"
                            .formatted(things.of(Side.LEGACY).name()));
            keys.forEach(key ->
                    things.of(Side.LEGACY).execute("insert into legacy.thing values ('" + key + "', 'as it was')"));

            new Backfill(things.databases(), things.mapping(), new Backfill.Settings(1_000, 0), BackfillListener.NONE)
                    .run();
            assertThat(things.rows(Side.MODERN)).hasSameSizeAs(keys);
            assertThat(verify(things, false)).isZero();

            things.of(Side.LEGACY).execute("update legacy.thing set note = 'changed'");
            things.of(Side.MODERN).execute("delete from modern.thing where id = '%s'".formatted(keys.getFirst()));
            assertThat(verify(things, false)).isEqualTo(keys.size());
            assertThat(verify(things, true)).isZero();
            assertThat(things.rows(Side.MODERN))
                    .isEqualTo(things.rows(Side.LEGACY))
                    .allSatisfy(row -> assertThat(row).endsWith("changed"));
        }
    }

    private static long verify(Things things, boolean repair) {
        return new Verification(things.databases(), things.mapping(), VerificationListener.NONE)
                .run(repair)
                .differenceCount();
    }
}
