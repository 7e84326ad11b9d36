package dev.crossfade.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GaugesTest {

    static List<MeterRegistry> registries() {
        return List.of(new SimpleMeterRegistry(), new CompositeMeterRegistry().add(new SimpleMeterRegistry()));
    }

    @ParameterizedTest
    @MethodSource("registries")
    void theNewestOwnersGaugeIsShown(MeterRegistry meters) {
        Gauges first = new Gauges(meters);
        Gauges second = new Gauges(meters);

        first.show("one", gauge(1));
        second.show("one", gauge(2));

        assertThat(meters.get("one").gauge().value()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("registries")
    void whoeverClosesLeavesTheOthersGaugesAlone(MeterRegistry meters) {
        Gauges first = new Gauges(meters);
        Gauges second = new Gauges(meters);
        first.show("one", gauge(1));
        second.show("one", gauge(2));

        first.close();
        assertThat(meters.get("one").gauge().value()).isEqualTo(2);

        second.close();
        assertThat(meters.find("one").gauge()).isNull();
    }

    @ParameterizedTest
    @MethodSource("registries")
    void nothingIsShownAfterTheEnd(MeterRegistry meters) {
        Gauges gauges = new Gauges(meters);
        gauges.close();
        gauges.show("one", gauge(1));

        assertThat(meters.find("one").gauge()).isNull();
    }

    private static Gauge.Builder<?> gauge(int value) {
        return Gauge.builder("one", () -> value);
    }
}
