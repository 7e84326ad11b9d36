package dev.crossfade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StageTest {

    @ParameterizedTest
    @CsvSource({
        "LEGACY_ONLY,    LEGACY, false, false",
        "DUAL_WRITE,     LEGACY, true,  false",
        "SHADOW_READ,    LEGACY, true,  false",
        "MODERN_READ,    LEGACY, true,  true",
        "MODERN_PRIMARY, MODERN, true,  true",
        "MODERN_ONLY,    MODERN, false, true"
    })
    void decidesWhoseRowCountsAndWhetherItIsMirrored(Stage stage, Side authority, boolean mirrors, boolean fenced) {
        assertThat(stage.authority()).isEqualTo(authority);
        assertThat(stage.mirrors()).isEqualTo(mirrors);
        assertThat(stage.fenced()).isEqualTo(fenced);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void isOneStepFromItsNeighboursAlone(Stage stage) {
        for (Stage other : Stage.values()) {
            boolean oneStep = stage.next().filter(other::equals).isPresent()
                    || stage.previous().filter(other::equals).isPresent();
            assertThat(stage.isNeighbourOf(other)).isEqualTo(oneStep);
        }
    }

    @Test
    void hasNothingBeforeTheFirstOrAfterTheLast() {
        assertThat(Stage.LEGACY_ONLY.previous()).isEmpty();
        assertThat(Stage.MODERN_ONLY.next()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void isReadFromItsLabelAndItsName(Stage stage) {
        assertThat(Stage.parse(stage.label())).isEqualTo(stage);
        assertThat(Stage.parse(" " + stage.name() + " ")).isEqualTo(stage);
        assertThat(Stage.parse(stage.label().toUpperCase(Locale.ROOT))).isEqualTo(stage);
    }

    @Test
    void anUnknownStageIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Stage.parse("half-way"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("half-way")
                .hasMessageContaining("modern-primary");
    }
}
