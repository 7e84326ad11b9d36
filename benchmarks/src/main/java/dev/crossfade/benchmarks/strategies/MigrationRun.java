package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Sides;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One migration under load: a quiet slice, the switch, some time on the modern side, the way back, some time on the
 * legacy side. The load is paused only to compare the tables, and a pause counts neither as waiting nor as time.
 */
final class MigrationRun {

    static final String PLAIN = "plain";
    static final String QUIET = "quiet";
    static final String MIGRATION = "migration";
    static final String AFTER = "after";
    static final String WAY_BACK = "way-back";
    static final String THERE = "there";
    static final String STEP = "step/";

    private static final double KEPT_UP = 0.95;

    private final Course course;
    private final AccountTables tables;
    private final Sides sides;
    private final Strategy strategy;
    private final OpenLoop load;
    private final Steps steps;
    private final Consumer<String> progress;
    private final SequencedMap<String, Window> windows = new LinkedHashMap<>();
    private final SequencedMap<String, Integer> apart = new LinkedHashMap<>();
    private boolean late;

    /**
     * Prepares a run.
     *
     * @param subject the table to migrate, which nobody uses yet
     * @param progress receives one line for each activity
     */
    MigrationRun(Subject subject, Strategy strategy, OpenLoop load, Consumer<String> progress) {
        this.course = subject.course();
        this.tables = subject.tables();
        this.sides = subject.sides();
        this.strategy = strategy;
        this.load = load;
        this.progress = line -> progress.accept(subject.name() + ": " + line);
        this.steps = new Steps(load::now, this.progress);
    }

    /**
     * The table to migrate.
     *
     * @param name its name, in words joined by slashes
     * @param sides the databases of the tables, read independently of everything that is measured
     */
    record Subject(String name, Course course, AccountTables tables, Sides sides) {}

    Outcome go() throws Exception {
        System.gc();
        load.go();
        sleep(course.dwell());
        beQuiet();
        List<Window> there = migrate();
        compareSides("after-the-switch");
        Deviations afterSwitch = deviations(sides.stored(tables));
        goOn();
        List<Window> back = comeBack();
        compareSides("at-the-end");
        Deviations afterWayBack = deviations(sides.projected(tables));
        load.firstFailure()
                .ifPresent(failure -> progress.accept("the first operation that failed: %s".formatted(failure)));
        SequencedMap<String, Seen> seen = new LinkedHashMap<>();
        windows.forEach((name, window) -> seen.put(name, Seen.in(window, load)));
        there.forEach(step -> seen.put(STEP + step.name(), Seen.in(step, load)));
        return new Outcome(seen, there, back, afterSwitch, afterWayBack, apart);
    }

    private void beQuiet() throws Exception {
        Window quiet = slice(QUIET);
        if (strategy.buildIn()) {
            windows.put(PLAIN, quiet);
            sleep(course.dwell());
            quiet = slice(QUIET);
        }
        windows.put(QUIET, quiet);
    }

    /** Moves to the modern side and stays there for a while; returns the steps. */
    private List<Window> migrate() throws Exception {
        int first = steps.taken().size();
        long from = load.now();
        strategy.prepare(steps);
        if (strategy.writesBothSides()) {
            compareSides("before-the-switch");
            goOn();
        }
        strategy.switchOver(steps);
        Window migration = new Window(MIGRATION, from, load.now());
        List<Window> taken = steps.takenFrom(first);
        windows.put(MIGRATION, migration);
        windows.put(AFTER, slice(AFTER));
        windows.put(THERE, migration.upTo(steps.last()));
        return taken;
    }

    /** Moves back to the legacy side and stays there for a while; returns the steps. */
    private List<Window> comeBack() throws Exception {
        int first = steps.taken().size();
        strategy.rollBack(steps);
        List<Window> taken = steps.takenFrom(first);
        windows.put(WAY_BACK, taken.getFirst().upTo(slice(WAY_BACK)));
        return taken;
    }

    /** Pauses the load, so that tables can be read, and compares them if they have to be equal. */
    private void compareSides(String when) throws Exception {
        load.pause();
        warnIfLate();
        strategy.awaitLevel();
        if (strategy.writesBothSides()) {
            apart.put(when, sides.diverged(tables));
        }
    }

    /** Resumes the load, and returns after it has run for a while. */
    private void goOn() throws InterruptedException {
        // Collect the benchmark's own garbage from the comparison now, so that no caller waits for that.
        System.gc();
        load.go();
        sleep(course.dwell());
    }

    private Window slice(String name) throws Exception {
        steps.take(name, () -> sleep(course.slice()));
        return steps.last();
    }

    /**
     * Warns if the machine was too busy: the load then becomes a queue, and every number only shows the queue's
     * length.
     */
    private void warnIfLate() {
        double answered =
                Seen.in(Objects.requireNonNull(windows.get(QUIET)), load).answeredPerSecond();
        if (!late && answered < KEPT_UP * load.perSecond()) {
            late = true;
            progress.accept(String.format(
                    Locale.ROOT,
                    "%.0f of %.0f operations/s were answered before the migration. Run it again on a quiet machine.",
                    answered,
                    load.perSecond()));
        }
    }

    private Deviations deviations(Map<Long, List<String>> table) {
        return Deviations.of(load, course.rows(), table);
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
