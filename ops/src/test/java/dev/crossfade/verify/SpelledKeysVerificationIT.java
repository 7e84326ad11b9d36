package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Topology;
import dev.crossfade.verify.Verification.Report;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Equal keys that are spelled differently are differences, which a repair removes; where it cannot, they are not
 * differences.
 */
class SpelledKeysVerificationIT {

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                        .flatMap(stage -> Stream.of(
                                Arguments.of(topology, stage, "public.citext", "Java", "java"),
                                Arguments.of(topology, stage, "numeric", "1.0", "1.00"),
                                Arguments.of(topology, stage, "numeric[]", "{1.0}", "{1.00}"))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aRepairGivesTheMirrorTheAuthoritysSpelling(
            Topology topology, Stage stage, String type, String one, String other) {
        try (Things things = new Things(topology, type, "create extension citext schema public")) {
            things.at(stage);
            things.of(Side.LEGACY).execute("insert into legacy.thing values ('" + one + "', 'same')");
            things.of(Side.MODERN).execute("insert into modern.thing values ('" + other + "', 'same')");

            assertThat(verify(things, false).differenceCount()).isPositive();

            Report repaired = verify(things, true);

            assertThat(repaired.repaired()).isPositive();
            assertThat(repaired.differenceCount()).isZero();
            assertThat(verify(things, false).differenceCount()).isZero();
            String spelled = stage.authority() == Side.LEGACY ? one : other;
            assertThat(things.rows(Side.LEGACY))
                    .isEqualTo(things.rows(Side.MODERN))
                    .containsExactly(spelled + " same");
        }
    }

    /** Each row is found once from either side; they are one difference, as one repair mends it. */
    @ParameterizedTest
    @EnumSource
    void aKeyThatTheSidesSpellDifferentlyIsOneDifference(Topology topology) {
        try (Things things = new Things(topology, "public.citext", "create extension citext schema public")) {
            things.at(Stage.DUAL_WRITE);
            things.of(Side.LEGACY)
                    .execute("insert into legacy.thing select 'K' || i, 'same' from generate_series(1, 1200) as i");
            things.of(Side.MODERN)
                    .execute("insert into modern.thing select 'k' || i, 'same' from generate_series(1, 1200) as i");

            assertThat(verify(things, false).differenceCount()).isEqualTo(1200);
            assertThat(new Survey(things.databases(), things.mapping(), VerificationListener.NONE)
                            .compare(Side.LEGACY)
                            .listed())
                    .hasSize(1200);
        }
    }

    static Stream<Arguments> oneSidedSpellings() {
        return everywhere()
                .map(one -> one.get())
                .filter(one -> one[2].equals("numeric"))
                .flatMap(one -> Stream.of("numeric(8,2)", "integer").map(type -> Arguments.of(one[0], one[1], type)));
    }

    /** The legacy column has one spelling for each value, so the modern one's spelling cannot be carried there. */
    @ParameterizedTest
    @MethodSource("oneSidedSpellings")
    void whatOneSideCannotSpellIsNoDifference(Topology topology, Stage stage, String type) {
        try (Things things = new Things(topology, type, "numeric", List.of())) {
            things.at(stage);
            things.of(Side.LEGACY).execute("insert into legacy.thing values (1, 'same'), (2, 'one'), (3, 'only here')");
            things.of(Side.MODERN).execute("insert into modern.thing values (1.0, 'same'), (2.000, 'other')");

            Report report = verify(things, false);

            assertThat(report.differences())
                    .extracting(Difference::key)
                    .containsExactlyInAnyOrder(RecordKey.of("2"), RecordKey.of("3"));
            verify(things, true);
            assertThat(verify(things, false).differenceCount()).isZero();
        }
    }

    private static Report verify(Things things, boolean repair) {
        return new Verification(things.databases(), things.mapping(), VerificationListener.NONE).run(repair);
    }
}
