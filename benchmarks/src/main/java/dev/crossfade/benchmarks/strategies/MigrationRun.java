package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Sides;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One migration under load: quiet, there, some time on the modern side, back, some time on the legacy side. The load is
 * paused only to compare the tables; that counts neither as waiting nor as time.
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

    /**
     * Prepares a run.
     *
     * @param subject what is migrated, while nobody uses it yet
     * @param progress told what is being done, one line each
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
     * What is migrated.
     *
     * @param name in words joined by slashes
     * @param sides the databases of the tables, read past everything that is measured
     */
    record Subject(String name, Course course, AccountTables tables, Sides sides) {}

    Outcome go() throws Exception {
        System.gc();
        load.go();
        sleep(course.dwell());
        Window quiet = slice(QUIET);
        if (strategy.buildIn()) {
            windows.put(PLAIN, quiet);
            sleep(course.dwell());
            quiet = slice(QUIET);
        }
        windows.put(QUIET, quiet);
        int first = steps.taken().size();
        long from = load.now();
        strategy.prepare(steps);
        if (strategy.writesBothSides()) {
            compare("before-the-switch", () -> {});
        }
        strategy.switchOver(steps);
        Window migration = new Window(MIGRATION, from, load.now());
        windows.put(MIGRATION, migration);
        List<Window> there = steps.taken().subList(first, steps.taken().size());
        Window after = slice(AFTER);
        windows.put(AFTER, after);
        windows.put(THERE, migration.upTo(after));
        List<Deviations> deviations = new ArrayList<>();
        compare("after-the-switch", () -> deviations.add(deviations(sides.stored(tables))));
        int second = steps.taken().size();
        strategy.rollBack(steps);
        List<Window> back = steps.taken().subList(second, steps.taken().size());
        windows.put(WAY_BACK, back.getFirst().upTo(slice(WAY_BACK)));
        load.pause();
        strategy.awaitLevel();
        deviations.add(deviations(sides.projected(tables)));
        if (strategy.writesBothSides()) {
            apart.put("at-the-end", sides.diverged(tables));
        }
        load.firstFailure().ifPresent(failure -> progress.accept("the first operation that failed: " + failure));
        SequencedMap<String, Seen> seen = new LinkedHashMap<>();
        windows.forEach((name, window) -> seen.put(name, Seen.in(window, load)));
        warnIfLate(seen);
        there.forEach(step -> seen.put(STEP + step.name(), Seen.in(step, load)));
        return new Outcome(seen, there, back, deviations.getFirst(), deviations.getLast(), apart);
    }

    /** Something that is looked at while nobody calls. */
    @FunctionalInterface
    private interface Look {
        void run() throws SQLException;
    }

    /** Looks at the tables; ends when the load has been on again for a while. */
    private void compare(String when, Look look) throws Exception {
        load.pause();
        strategy.awaitLevel();
        look.run();
        if (strategy.writesBothSides()) {
            apart.put(when, sides.diverged(tables));
        }
        // What the tables take here is the benchmark's own garbage; no caller is to wait for its collection.
        System.gc();
        load.go();
        sleep(course.dwell());
    }

    private Window slice(String name) throws Exception {
        steps.take(name, () -> sleep(course.slice()));
        return steps.taken().getLast();
    }

    /** A machine that is busy with other things makes a queue of the load, and every number says how long it is. */
    private void warnIfLate(Map<String, Seen> seen) {
        seen.forEach((name, slice) -> {
            if (name.equals(QUIET) && slice.answeredPerSecond() < KEPT_UP * load.perSecond()) {
                progress.accept(String.format(
                        Locale.ROOT,
                        "the machine did not keep up with the load, %.0f of %.0f operations/s were answered. Run it again on a quiet one.",
                        slice.answeredPerSecond(),
                        load.perSecond()));
            }
        });
    }

    private Deviations deviations(Map<Long, List<String>> table) {
        return Deviations.of(load, course.rows(), table);
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
