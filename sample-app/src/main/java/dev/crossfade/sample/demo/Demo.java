package dev.crossfade.sample.demo;

import dev.crossfade.Crossfade;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sample.storage.Migrations;
import dev.crossfade.sample.storage.Repositories;
import dev.crossfade.worker.Worker;
import dev.crossfade.worker.WorkerSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One demo run. A service under load, with a worker beside it, runs on embedded servers while an operator moves its
 * tables from the legacy to the modern schema. The report says whether anything was lost.
 */
final class Demo {

    /**
     * The gates of the demo. A stage lasts only seconds here, so how many of the few reads are compared by then is
     * left to chance.
     */
    private static final GateSettings GATES = GateSettings.DEFAULTS.withShadow(new GateSettings.Shadow(
            0,
            GateSettings.DEFAULTS.shadow().mismatchPercent(),
            GateSettings.DEFAULTS.shadow().window()));

    private final DemoSettings settings;
    private final LiveView view;
    private final Path scratch;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> differenceExamples = new ArrayList<>();
    private final long start = System.nanoTime();
    private long differences;
    private @Nullable String problem;

    /**
     * Creates a run.
     *
     * @param scratch an empty directory for files of this run
     */
    Demo(DemoSettings settings, LiveView view, Path scratch) {
        this.settings = settings;
        this.view = view;
        this.scratch = scratch;
    }

    /**
     * Runs the demo. Failures under way are in the report.
     *
     * @throws CrossfadeException if the servers do not start or the data cannot be loaded
     */
    Report run() {
        try (DemoDatabases databases = DemoDatabases.start(settings.topology(), settings.writers())) {
            view.event("servers started for %s, fsync off"
                    .formatted(settings.topology().label()));
            DataSet.load(databases.operator().legacy(), settings);
            view.event("legacy data loaded: %,d users and as many orders".formatted(settings.rows()));
            try (Crossfade crossfade = Crossfade.builder()
                    .legacy(databases.service().legacy())
                    .modern(databases.service().modern())
                    .meterRegistry(meters)
                    .applicationVersion("demo")
                    .gates(GATES)
                    .build()) {
                return run(databases, Repositories.of(crossfade));
            }
        }
    }

    private Report run(DemoDatabases databases, Repositories repositories) {
        Crossfade crossfade = repositories.crossfade();
        List<TableMapping> mappings = crossfade.mappings();
        Traffic traffic = new Traffic(repositories, settings);
        Journey journey = new Journey(start, traffic.ledger());
        Operator operator = new Operator(databases.operator(), crossfade, mappings, view);
        view.follow(() -> new LiveView.Reading(
                journey.current(),
                traffic.ledger().operations(),
                mappings.stream()
                        .mapToInt(mapping -> crossfade.pending(mapping.entity()))
                        .sum()));
        Worker worker = new Worker(databases.operator(), mappings, WorkerSettings.DEFAULTS);
        Thread working = Thread.ofPlatform().name("worker").daemon().start(worker::run);
        try {
            try (traffic) {
                traffic.start();
                Course course = new Course(databases, traffic, operator, journey, view);
                add(course.go(Migrations.unpack(scratch), Course.OutageMoment.of(settings)));
            }
            view.activity("reading every modern row once more");
            add(new IndependentCheck(databases.operator(), traffic).compareWithAnswers());
        } catch (CrossfadeException e) {
            problem = e.getMessage();
        } finally {
            worker.stop();
            join(working);
        }
        return report(traffic.ledger(), journey, operator.backfilledRows());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Findings findings) {
        differences += findings.count();
        differenceExamples.addAll(findings.first());
    }

    private Report report(Ledger ledger, Journey journey, long backfilledRows) {
        Map<String, Report.Failure> failures = new TreeMap<>();
        ledger.kinds()
                .forEach((kind, seen) ->
                        failures.put(kind, new Report.Failure(seen.count().sum(), seen.example())));
        long millis = journey.millis();
        return new Report(
                settings.seed(),
                settings.rows(),
                settings.writers(),
                settings.topology().label(),
                settings.outage(),
                ledger.operations(),
                ledger.failed(),
                ledger.violations(),
                differences,
                ledger.longestMillis(),
                backfilledRows,
                count("crossfade.reconciled"),
                count("crossfade.mirror.missed"),
                millis,
                1000 * ledger.operations() / Math.max(1, millis),
                journey.visits(),
                failures,
                List.copyOf(differenceExamples),
                problem);
    }

    private long count(String meter) {
        return (long) meters.find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
