package dev.crossfade.sample.demo;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Stage;
import dev.crossfade.sample.storage.Migrations;
import dev.crossfade.schema.file.MigrationDirectory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The course of a run, from the legacy schema alone to the modern one alone: expand, every stage in order with one
 * step back, contract. The traffic pauses only while the two sides are compared.
 */
final class Course {

    private static final Duration DWELL = Duration.ofMillis(1500);

    private final DemoDatabases databases;
    private final Traffic traffic;
    private final Operator operator;
    private final Journey journey;
    private final LiveView view;

    /** When the outage happens. */
    enum OutageMoment {
        NEVER,
        BEFORE_BACKFILL,
        DURING_BACKFILL,
        DURING_SHADOW_READ;

        /** Returns the moment for a run's settings. The seed picks one of the three. */
        static OutageMoment of(DemoSettings settings) {
            if (!settings.outage()) {
                return NEVER;
            }
            List<OutageMoment> moments = List.of(BEFORE_BACKFILL, DURING_BACKFILL, DURING_SHADOW_READ);
            return moments.get((int) Math.floorMod(settings.seed(), (long) moments.size()));
        }
    }

    Course(DemoDatabases databases, Traffic traffic, Operator operator, Journey journey, LiveView view) {
        this.databases = databases;
        this.traffic = traffic;
        this.operator = operator;
        this.journey = journey;
        this.view = view;
    }

    /**
     * Runs the whole migration. The traffic must have been started.
     *
     * @return the findings of the comparison of both sides
     * @throws CrossfadeException if a step fails
     */
    Findings go(MigrationDirectory migrations, OutageMoment outage) {
        journey.entered(Stage.LEGACY_ONLY);
        Pause.of(DWELL);
        operator.migrate(migrations, Migrations.EXPANDED);
        move(Stage.DUAL_WRITE);
        if (outage == OutageMoment.BEFORE_BACKFILL) {
            strike();
        }
        if (outage == OutageMoment.DURING_BACKFILL) {
            CompletableFuture<Void> striking = CompletableFuture.runAsync(this::strike);
            operator.backfill();
            await(striking);
        } else {
            operator.backfill();
        }
        move(Stage.SHADOW_READ);
        if (outage == OutageMoment.DURING_SHADOW_READ) {
            strike();
        }
        operator.verify();
        move(Stage.MODERN_READ);
        move(Stage.MODERN_PRIMARY);
        operator.verify();
        move(Stage.MODERN_READ);
        move(Stage.MODERN_PRIMARY);
        Findings findings = compareSides();
        move(Stage.MODERN_ONLY);
        operator.migrate(migrations, Migrations.CONTRACTED);
        Pause.of(DWELL);
        return findings;
    }

    private void move(Stage stage) {
        operator.moveTo(stage);
        journey.entered(stage);
        Pause.of(DWELL);
    }

    private Findings compareSides() {
        traffic.pause();
        try {
            operator.awaitLevel();
            view.activity("reading every row of both sides");
            IndependentCheck check = new IndependentCheck(databases.operator(), traffic);
            check.compareSides();
            Findings findings = check.compareWithAnswers();
            view.event("compared independently, traffic paused: %,d differences".formatted(findings.count()));
            return findings;
        } finally {
            traffic.resume();
        }
    }

    private void strike() {
        Outage outage = databases.outage();
        view.event("outage: " + outage.description());
        outage.strike();
        view.event("outage is over");
    }

    private static void await(CompletableFuture<Void> striking) {
        try {
            striking.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
