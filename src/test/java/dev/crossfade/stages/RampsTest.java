package dev.crossfade.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.FlagTable.Flags;
import dev.crossfade.control.FlagTable.Strategy;
import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.RampStrategy;
import dev.crossfade.model.Stage;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An invalid edited ramp is not replaced by a default: the last valid one stays. */
class RampsTest {

    private static final Flags NO_ROW = new Flags(Set.of(), Map.of());

    private final Ramps ramps = new Ramps();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "crossfade-ramp | ramp=150",
                "crossfade-ramp | ramp=",
                "crossfade-ramp | ",
                "crossfade-ramp | ramp=5\\nby=region",
                "crossfade-ramp | ramp=5\\ntenants=acme",
                "gradual        | percentage=50",
                "               | percentage=50",
                "crossfade-ramp | ramp=\\u00zz"
            })
    void theLastGoodRampStaysInForce(String id, String parameters) {
        ramps.allow("user", Set.of("account_id"));
        Flags edited = flags(id, parameters == null ? null : parameters.replace("\\n", "\n"));

        assertThat(ramps.inForce("user", Stage.MODERN_READ, edited)).isEqualTo(Ramp.NONE);
        assertThat(ramps.inForce("user", Stage.MODERN_READ, flags(RampStrategy.ID, "ramp=12.5")))
                .isEqualTo(Ramp.byKey(125));
        assertThat(ramps.inForce("user", Stage.MODERN_READ, edited)).isEqualTo(Ramp.byKey(125));
    }

    @Test
    void aMissingRowIsNoRampEither() {
        assertThat(ramps.inForce("user", Stage.MODERN_READ, NO_ROW)).isEqualTo(Ramp.NONE);
        ramps.inForce("user", Stage.MODERN_READ, flags(null, "ramp=1"));
        assertThat(ramps.inForce("user", Stage.MODERN_READ, NO_ROW)).isEqualTo(Ramp.byKey(10));
    }

    @Test
    void aFlagWithoutStrategyIsOnForEveryRecord() {
        assertThat(ramps.inForce("user", Stage.MODERN_READ, flags(null, null))).isEqualTo(Ramp.WHOLE);
        assertThat(ramps.inForce("user", Stage.MODERN_READ, flags("", " "))).isEqualTo(Ramp.WHOLE);
    }

    @Test
    void aColumnOfTheKeyIsSomethingToRampBy() {
        ramps.allow("price", Set.of("product_id", "currency"));

        assertThat(ramps.inForce(
                        "price",
                        Stage.MODERN_READ,
                        new Flags(
                                Set.of(),
                                Map.of("price.modern-read", new Strategy(RampStrategy.ID, "ramp=5\nby=currency")))))
                .isEqualTo(new Ramp(50, "currency", Set.of()));
    }

    private static Flags flags(String id, String parameters) {
        return new Flags(Set.of(), Map.of("user.modern-read", new Strategy(id, parameters)));
    }
}
