package dev.crossfade.metrics;

import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.GateListener;
import io.micrometer.core.instrument.Gauge;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows the last verdicts, in this process, of the gates of each entity's step forward: 1 open, 0 closed, NaN if the
 * gate does not guard that step. A scrape does not ask the gates, because that costs queries. Thread-safe.
 */
final class GateMetrics implements GateListener {

    private final Gauges gauges;
    private final Map<Place, Double> states = new ConcurrentHashMap<>();

    /** Shows gauges when gates are first asked. */
    GateMetrics(Gauges gauges) {
        this.gauges = gauges;
    }

    private record Place(String entity, String gate) {}

    @Override
    public void gatesChecked(Step step, Map<String, Verdict> verdicts) {
        if (step.isForward()) {
            verdicts.forEach((gate, verdict) -> {
                Place place = new Place(step.entity(), gate.replace(' ', '-'));
                states.put(place, state(verdict));
                show(place);
            });
        }
    }

    private void show(Place place) {
        gauges.show(
                place,
                Gauge.builder("crossfade.gate.open", () -> states.getOrDefault(place, Double.NaN))
                        .tag("entity", place.entity())
                        .tag("gate", place.gate()));
    }

    private static double state(Verdict verdict) {
        return switch (verdict) {
            case Open open -> 1;
            case Closed closed -> 0;
            case NotConcerned none -> Double.NaN;
        };
    }
}
