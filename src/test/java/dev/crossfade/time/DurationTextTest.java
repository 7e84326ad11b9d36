package dev.crossfade.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.25S, 0.3 s",
        "PT9.5S, 9.5 s",
        "PT59S, 59 s",
        "PT1M, 1 min",
        "PT61S, 1 min 1 s",
        "PT24H, 1 d",
        "PT90M, 1 h 30 min",
        "PT50H, 2 d 2 h"
    })
    void aDurationIsSaidInItsTwoBiggestUnits(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
