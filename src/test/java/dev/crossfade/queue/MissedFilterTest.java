package dev.crossfade.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MissedFilterTest {

    @ParameterizedTest
    @CsvSource({
        "23505, 23505",
        "23, 23",
        "cf004, CF004",
        "POISON, poison",
        "Referenced, referenced",
        "Waits-For-Parent, waits-for-parent"
    })
    void aClassOfErrorsIsRecognisedHoweverItIsWritten(String typed, String canonical) {
        assertThat(filter(typed).error()).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "235055", "unique", "23%", "'; drop"})
    void whatIsNoClassIsRefused(String typed) {
        assertThatThrownBy(() -> filter(typed))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'%s' is no class of errors".formatted(typed));
    }

    @Test
    void aKeyNeedsItsEntity() {
        assertThatThrownBy(() -> new MissedFilter(Optional.empty(), Optional.of(RecordKey.of("1")), Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("entity");
    }

    @Test
    void retriesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new RetrySettings(0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new RetrySettings(1, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("retry.longest.pause is 1 s; it must be no shorter than retry.first.pause.");
    }

    private static MissedFilter filter(String error) {
        return new MissedFilter(Optional.empty(), Optional.empty(), Optional.of(error));
    }
}
