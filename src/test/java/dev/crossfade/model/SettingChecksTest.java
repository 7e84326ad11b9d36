package dev.crossfade.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingChecksTest {

    @Test
    void eachProblemHasALineWithTheSettingWhatWasSeenAndWhatIsAllowed() {
        SettingChecks checks = new SettingChecks()
                .atLeast("rows", 0, 1)
                .within("lanes", 17, 1, 16)
                .atLeast("pause", Duration.ofMillis(-5), Duration.ofMillis(1))
                .within("patience", Duration.ofHours(48), Duration.ZERO, Duration.ofMinutes(1))
                .given("retries", null)
                .require(false, "rate", Double.NaN, "from 0 to 100")
                .add("Name a database.");

        assertThatThrownBy(checks::refuse)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "rows is 0; it must be 1 or more.",
                        "lanes is 17; it must be from 1 to 16.",
                        "pause is -5 ms; it must be 1 ms or more.",
                        "patience is 2 d; it must be from 0 s to 60 s.",
                        "retries is missing; it must be given.",
                        "rate is NaN; it must be from 0 to 100.",
                        "Name a database."));
    }

    @Test
    void aMissingTimeIsRefusedAndOneThatNoClockCanMeasure() {
        assertThatThrownBy(new SettingChecks().atLeast("pause", null, Duration.ZERO)::refuse)
                .hasMessage("pause is missing; it must be 0 s or more.");
        assertThatThrownBy(new SettingChecks().within("pause", null, Duration.ZERO, Duration.ofDays(1))::refuse)
                .hasMessage("pause is missing; it must be from 0 s to 1 d.");
        assertThatThrownBy(
                        new SettingChecks().atLeast("pause", Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO)::refuse)
                .hasMessageContaining("it must be at most 36500 d.");
    }

    @Test
    void whatIsAllowedPasses() {
        assertThatCode(new SettingChecks()
                        .atLeast("rows", 1, 1)
                        .within("lanes", 16, 1, 16)
                        .atLeast("pause", Duration.ZERO, Duration.ZERO)
                        .within("patience", Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1))
                        .given("retries", 0)
                        .require(true, "rate", 0.5, "from 0 to 100")::refuse)
                .doesNotThrowAnyException();
    }
}
