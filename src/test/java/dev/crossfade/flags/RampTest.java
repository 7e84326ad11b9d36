package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.util.NamedFeature;

class RampTest {

    /** Computed independently of the product, from the definition in the Javadoc. They must never change. */
    @ParameterizedTest
    @CsvSource({
        "1, 358",
        "2, 701",
        "42, 803",
        "1000000, 737",
        "7|EUR, 534",
        "EUR|7, 346",
        "acme, 780",
        "8f14e45f-ceea-467f-a8d2-3d1c5f0b9e11, 604",
        "Zo\u00eb, 419",
        "2026-11-22T10:00:00.000000Z, 663"
    })
    void theBucketOfAKeyIsTheSameInEveryVersion(String key, int bucket) {
        RecordKey recordKey = RecordKey.of(key.split("\\|"));

        assertThat(Ramp.byKey(bucket).covers(recordKey)).isFalse();
        assertThat(Ramp.byKey(bucket + 1).covers(recordKey)).isTrue();
    }

    @Test
    void aTenantHasTheBucketOfTheKeyThatConsistsOfIt() {
        for (int share = 0; share <= 1000; share++) {
            Ramp byTenant = new Ramp(share, "tenant", Set.of());
            assertThat(byTenant.covers("acme")).isEqualTo(Ramp.byKey(share).covers(RecordKey.of("acme")));
        }
    }

    @Test
    void everyStepOfTheRampOnlyAddsKeys() {
        List<RecordKey> keys = IntStream.range(0, 500)
                .mapToObj(i -> RecordKey.of("tenant-" + i % 7, Integer.toString(i)))
                .toList();
        for (RecordKey key : keys) {
            boolean before = false;
            for (int share = 0; share <= 1000; share++) {
                boolean now = Ramp.byKey(share).covers(key);
                assertThat(!before || now).isTrue();
                before = now;
            }
            assertThat(before).isTrue();
        }
    }

    @Test
    void aTenantOnTheListIsInWhateverTheShare() {
        Ramp ramp = Ramp.of(Map.of("ramp", "0", "by", "tenant", "tenants", " acme, globex ,"));

        assertThat(ramp.covers("acme")).isTrue();
        assertThat(ramp.covers("globex")).isTrue();
        assertThat(ramp.covers("initech")).isFalse();
        assertThat(ramp.isNone()).isFalse();
    }

    @Test
    void blankParametersCountAsNotGivenAsTheConsoleSendsThem() {
        assertThat(Ramp.of(Map.of("ramp", "12.5", "by", " ", "tenants", ""))).isEqualTo(Ramp.byKey(125));
    }

    @Test
    void aParameterThatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> Ramp.of(Map.of("by", "key")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("''")
                .hasMessageContaining("0 to 100 per cent");
        assertThatThrownBy(() -> Ramp.of(Map.of("ramp", "5", "tenants", "acme")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[acme]")
                .hasMessageContaining("'by'");
        assertThatThrownBy(() -> Ramp.of(Map.of("ramp", "5", "percentage", "7")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'percentage'");
        assertThatThrownBy(() -> new Ramp(5, "region", Set.of()).requireBy("order", Set.of("tenant_id", "order_id")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'region'")
                .hasMessageContaining("key, order_id, tenant_id");
    }

    @Test
    void togglzFindsTheStrategyAndItsParameters() {
        ActivationStrategy strategy = ServiceLoader.load(ActivationStrategy.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.getId().equals(RampStrategy.ID))
                .findFirst()
                .orElseThrow();

        assertThat(strategy.getParameters()).extracting(Parameter::getName).containsExactly("ramp", "by", "tenants");
        assertThat(strategy.getParameters()).extracting(Parameter::isOptional).containsExactly(false, true, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.1", "12.5", "99.90", "100", "100.0"})
    void theConsoleAdmitsWhatTheRampAdmits(String share) {
        assertThat(new RampStrategy().getParameters()[0].isValid(share)).isTrue();
        assertThat(Ramp.of(Map.of("ramp", share)).perMille()).isBetween(0, 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "100.1", "12.55", "12,5", "half"})
    void theConsoleRefusesWhatTheRampRefuses(String share) {
        assertThat(new RampStrategy().getParameters()[0].isValid(share)).isFalse();
    }

    @Test
    void askedThroughTogglzItAnswersForTheKeyOrTenantOfTheUser() {
        RampStrategy strategy = new RampStrategy();
        SimpleFeatureUser acme = new SimpleFeatureUser("ada").setAttribute("tenant", "acme");
        SimpleFeatureUser key42 = new SimpleFeatureUser("ada").setAttribute("key", "42");

        assertThat(strategy.isActive(state("ramp", "78.1", "by", "tenant"), acme))
                .isTrue();
        assertThat(strategy.isActive(state("ramp", "78", "by", "tenant"), acme)).isFalse();
        assertThat(strategy.isActive(state("ramp", "80.4"), key42)).isTrue();
        assertThat(strategy.isActive(state("ramp", "80.3"), key42)).isFalse();
        assertThat(strategy.isActive(state("ramp", "99.9"), null)).isFalse();
        assertThat(strategy.isActive(state("ramp", "100"), null)).isTrue();
        assertThat(strategy.isActive(state("ramp", "all"), key42)).isFalse();
    }

    private static FeatureState state(String... parameters) {
        FeatureState state = new FeatureState(new NamedFeature("user.modern-read"), true);
        for (int i = 0; i < parameters.length; i += 2) {
            state.setParameter(parameters[i], parameters[i + 1]);
        }
        return state;
    }
}
