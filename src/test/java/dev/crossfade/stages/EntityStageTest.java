package dev.crossfade.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crossfade.flags.Ramp;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityStageTest {

    private static final int KEYS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 500, 999, 1000})
    void theRampMovesItsShareOfTheKeys(int perMille) {
        assertThat(modern(perMille).size() * 1000.0 / KEYS).isCloseTo(perMille, within(20.0));
    }

    @Test
    void noneAndAllAreExact() {
        assertThat(modern(0)).isEmpty();
        assertThat(modern(1000)).hasSize(KEYS);
    }

    @Test
    void aKeyThatWasMovedStaysMovedAsTheRampGrows() {
        assertThat(modern(500)).containsAll(modern(125));
    }

    @Test
    void neighbouringKeysAreSpread() {
        assertThat(modern(500))
                .isNotEqualTo(IntStream.range(0, KEYS / 2).boxed().collect(Collectors.toSet()));
        Set<Integer> first = modern(125).stream().filter(key -> key < 1000).collect(Collectors.toSet());
        assertThat((double) first.size()).isCloseTo(125, within(40.0));
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, mode = EnumSource.Mode.EXCLUDE, names = "MODERN_READ")
    void elsewhereTheAuthorityAnswersWhateverTheRamp(Stage stage) {
        EntityStage at = new EntityStage(stage, 1, Ramp.byKey(500));
        assertThat(at.readSide()).isEqualTo(stage.authority());
        assertThat(at.isRamping()).isFalse();
    }

    @Test
    void readsOfManyKeysMoveWhenEveryKeyHas() {
        assertThat(new EntityStage(Stage.MODERN_READ, 1, Ramp.byKey(999)).readSide())
                .isEqualTo(Side.LEGACY);
        assertThat(new EntityStage(Stage.MODERN_READ, 1, Ramp.WHOLE).readSide()).isEqualTo(Side.MODERN);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "12.5, 125", "'  100 ', 1000", "0.1, 1", "99.90, 999"})
    void theRampIsReadInTenthsOfAPerCent(String percent, int perMille) {
        assertThat(Ramp.of(Map.of("ramp", percent))).isEqualTo(Ramp.byKey(perMille));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "100.1", "12.55", "half", "12,5", "1e9", "NaN"})
    void aRampThatIsNoShareIsRefused(String percent) {
        assertThatThrownBy(() -> Ramp.of(Map.of("ramp", percent)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'" + percent + "'");
    }

    private static Set<Integer> modern(int perMille) {
        Ramp ramp = Ramp.byKey(perMille);
        return IntStream.range(0, KEYS)
                .filter(key -> ramp.covers(RecordKey.of(Integer.toString(key))))
                .boxed()
                .collect(Collectors.toSet());
    }
}
