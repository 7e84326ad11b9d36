package dev.crossfade.worker;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.time.DaemonThread;
import dev.crossfade.time.Deadline;
import dev.crossfade.verify.Sweep.Turn;
import dev.crossfade.worker.Job.Trouble;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Drains what services have left behind: intents whose instance died or could not reach the mirror, and missed writes
 * that are due. It also compares all keys again and again, and keeps the control schema tidy. Any number of workers
 * may run at once: one of them at a time runs each job, and another takes over when it dies. While a database is down
 * a worker waits with growing pauses, and resumes by itself.
 *
 * <p>Call {@link #run} or {@link #drain} once in a worker's life; {@link #stop} and {@link #health} may be called from
 * any thread.
 */
public final class Worker {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_SWEEP = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofSeconds(30);

    private final WorkerSettings settings;
    private final Jobs jobs;
    private final Schedule schedule;
    private final Watch watch;
    private final MissedWrites missedWrites;
    private final WorkerMetrics metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * The result of {@link #drain}.
     *
     * @param applied keys whose mirror was brought up to date
     * @param newlyMissed keys that did not fit and were recorded as missed
     * @param deferred keys that another process is applying, or that wait for a row that they refer to
     * @param missedLeft missed writes that are left, by entity, including parked ones and those not due yet
     * @param sweeps the result of each sweep
     * @param troubles why something could not be done
     */
    public record Summary(
            long applied,
            long newlyMissed,
            int deferred,
            Map<String, Integer> missedLeft,
            List<Swept> sweeps,
            List<String> troubles) {

        /** Tells whether nothing is left. */
        public boolean isLevel() {
            return deferred == 0
                    && missedLeft.isEmpty()
                    && troubles.isEmpty()
                    && sweeps.stream()
                            .allMatch(swept ->
                                    swept.turn().found() == swept.turn().repaired());
        }
    }

    /** How far an entity was swept. */
    public record Swept(String entity, Turn turn) {}

    /**
     * Creates a worker.
     *
     * @param mappings the entities, parents first
     */
    public Worker(Databases databases, List<TableMapping> mappings, WorkerSettings settings) {
        this(databases, mappings, settings, new CompositeMeterRegistry());
    }

    /**
     * Creates a worker with metrics.
     *
     * @param mappings the entities, parents first
     * @param meters where its meters are registered, once
     */
    public Worker(Databases databases, List<TableMapping> mappings, WorkerSettings settings, MeterRegistry meters) {
        this.metrics = new WorkerMetrics(meters);
        DatabaseClock clock = new DatabaseClock();
        this.settings = settings;
        this.jobs = new Jobs(databases, mappings, settings, metrics, this::isStopped);
        this.schedule = new Schedule(databases, settings, clock, jobs);
        this.watch = new Watch(databases, clock, schedule);
        this.missedWrites = new MissedWrites(databases.controlDsl());
        mappings.forEach(mapping -> metrics.observe(mapping.entity(), watch));
    }

    /**
     * Works until {@link #stop()}; returns when the current batches are finished, or the time for that is over.
     *
     * @return the jobs that were not finished in time; they can be abandoned safely, and another worker takes them
     *     over
     */
    public List<String> run() {
        watch.look();
        watch.start();
        schedule.start();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
        watch.close();
        List<String> unfinished = end();
        metrics.close();
        return unfinished;
    }

    private List<String> end() {
        Thread ending = DaemonThread.named("crossfade-ending", schedule::stop);
        ending.start();
        boolean interrupted = Thread.interrupted();
        try {
            ending.join(Math.max(1, settings.running().stopWithin().toMillis()));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return schedule.underWay();
    }

    /**
     * Does what is due until nothing more can be done now, or until {@link #stop()}. It applies intents and missed
     * writes, sweeps each entity with a due pass for up to a minute, and tidies up. It waits some seconds for keys
     * that another process is applying.
     */
    public Summary drain() {
        Deadline patience = Deadline.after(PATIENCE);
        boolean waiting = true;
        while (!isStopped() && waiting) {
            if (round()) {
                patience = Deadline.after(PATIENCE);
            } else if (deferred() > 0 && !patience.isOver()) {
                rest();
            } else {
                waiting = false;
            }
        }
        List<Swept> sweeps = sweep();
        jobs.housekeeping().stream().filter(job -> !isStopped()).forEach(jobs::run);
        return new Summary(
                applied(),
                jobs.drains().stream().mapToLong(DrainJob::missed).sum(),
                deferred(),
                missedLeft(),
                sweeps,
                troubles(trouble -> true));
    }

    /** Makes the worker end after the current batches. */
    public void stop() {
        stopped.countDown();
    }

    /** Returns the worker's health. */
    public Health health() {
        List<String> problems = new ArrayList<>(watch.troubles());
        if (problems.isEmpty() && schedule.sinceLastLook().compareTo(LATE) > 0) {
            problems.add("It was last looked %s seconds ago what is due, at most %s are allowed. Restart the worker."
                    .formatted(schedule.sinceLastLook().toSeconds(), LATE.toSeconds()));
        }
        problems.addAll(troubles(Trouble::isRecent));
        watch.frozen()
                .forEach((entity, reason) ->
                        problems.add("%s is frozen: %s Run `crossfade recover %s`.".formatted(entity, reason, entity)));
        return new Health(problems, schedule.underWay(), watch.waiting());
    }

    private List<String> troubles(Predicate<Trouble> which) {
        return jobs.all().stream()
                .map(Job::trouble)
                .flatMap(Optional::stream)
                .filter(which)
                .map(Trouble::message)
                .distinct()
                .toList();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private int deferred() {
        return jobs.drains().stream().mapToInt(DrainJob::deferred).sum();
    }

    private Map<String, Integer> missedLeft() {
        return missedWrites.tallies().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().count()));
    }

    private long applied() {
        return jobs.drains().stream().mapToLong(DrainJob::applied).sum();
    }

    /** Gives each entity one turn; tells whether any made progress. */
    private boolean round() {
        boolean progress = false;
        for (DrainJob drain : jobs.drains()) {
            if (isStopped()) {
                return false;
            }
            long before = drain.dealtWith();
            jobs.run(drain);
            progress |= drain.dealtWith() > before;
        }
        return progress;
    }

    private List<Swept> sweep() {
        List<Swept> swept = new ArrayList<>();
        for (SweepJob sweep : jobs.sweeps()) {
            Deadline end = Deadline.after(LONGEST_SWEEP);
            Turn all = Turn.NONE;
            do {
                jobs.run(sweep);
                all = all.and(sweep.last());
            } while (all.unfinished() && !end.isOver() && !isStopped());
            if (all.ended() || all.unfinished()) {
                swept.add(new Swept(sweep.subject(), all));
            }
        }
        return swept;
    }

    private void rest() {
        try {
            if (stopped.await(SHORT_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
    }
}
