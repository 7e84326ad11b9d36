package dev.crossfade.cli.worker;

import dev.crossfade.cli.http.Endpoint.Answer;
import dev.crossfade.cli.invocation.Json;
import dev.crossfade.worker.Health;
import dev.crossfade.worker.Startup;
import dev.crossfade.worker.Worker;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages that a worker serves over HTTP, from before its databases answer until its end. Thread-safe. */
final class WorkerPages {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Startup startup;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<@Nullable Worker> worker = new AtomicReference<>();
    private volatile List<String> leftOut = List.of();

    WorkerPages(Startup startup) {
        this.startup = startup;
        new JvmMemoryMetrics().bindTo(meters);
    }

    /** The answer about its health. */
    private record Status(
            String status, List<String> problems, List<String> jobs, Map<String, Health.Waiting> entities) {}

    PrometheusMeterRegistry meters() {
        return meters;
    }

    /**
     * Answers from the given worker from now on.
     *
     * @param left the lines about the entities that it leaves out
     */
    void began(Worker begun, List<String> left) {
        leftOut = List.copyOf(left);
        worker.set(begun);
    }

    /** Returns the answer for each path. */
    Map<String, Supplier<Answer>> paths() {
        return Map.of(
                "/health", this::health,
                "/health/live", () -> new Answer(OK, JSON, "{\"status\":\"up\"}\n"),
                "/metrics", () -> new Answer(OK, PROMETHEUS, meters.scrape()));
    }

    private Answer health() {
        Health health = Optional.ofNullable(worker.get())
                .map(Worker::health)
                .orElseGet(() -> new Health(
                        List.of(startup.waitsFor().orElse("The worker is about to begin.")), List.of(), Map.of()));
        List<String> problems =
                Stream.concat(leftOut.stream(), health.problems().stream()).toList();
        return new Answer(
                problems.isEmpty() ? OK : UNAVAILABLE,
                JSON,
                Json.text(new Status(
                                problems.isEmpty() ? "up" : "down", problems, health.underWay(), health.entities()))
                        + "\n");
    }
}
