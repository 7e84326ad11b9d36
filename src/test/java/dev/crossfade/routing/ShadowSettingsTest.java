package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShadowSettingsTest {

    @Test
    void everythingThatMakesNoSenseIsReportedAtOnce() {
        assertThatThrownBy(() -> ShadowSettings.builder()
                        .sample(600)
                        .calibrate(600)
                        .waiting(0)
                        .recheckAfter(Duration.ofHours(1))
                        .keep(Duration.ZERO, 0)
                        .ignore("user", "email")
                        .ignore("user", "email")
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("600 and 600", "waiting", "recheckAfter", "keep", "two rules", "'email'");
    }

    @Test
    void aComparatorIsAskedForValuesOfItsTypeAlone() {
        var rule = ShadowSettings.builder()
                .compare("order", "total", BigDecimal.class, BigDecimal::compareTo)
                .build()
                .rules("order")
                .get("total");

        assertThat(rule.test(new BigDecimal("1.0"), new BigDecimal("1.00"))).isTrue();
        assertThat(rule.test(new BigDecimal("1.0"), new BigDecimal("1.01"))).isFalse();
        assertThat(rule.test(null, null)).isTrue();
        assertThat(rule.test(null, BigDecimal.ZERO)).isFalse();
        assertThat(rule.test("1.0", BigDecimal.ONE)).isFalse();
    }
}
