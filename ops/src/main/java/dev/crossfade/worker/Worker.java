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
 * Works off what services have left behind: intents whose instance died or could not reach the mirror, and missed
 * writes that are due; compares all keys over and over; and keeps the control schema tidy. Any number of workers may
 * run at once: each job is done by one of them at a time, and taken over when that one dies. While a database is down a
 * worker waits with growing pauses and goes on by itself.
 *
 * <p>One call of {@link #run} or {@link #drain} in a worker's life; {@link #stop} and {@link #health} may be called
 * from any thread.
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
     * What {@link #drain} did and left.
     *
     * @param applied keys whose mirror was brought up to date
     * @param newlyMissed keys that did not fit and were recorded as missed
     * @param deferred keys that are worked on elsewhere or wait for a row that they refer to
     * @param missedLeft missed writes that are left, by entity; those that are not due yet and parked ones too
     * @param sweeps what was compared
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
     * Makes a worker.
     *
     * @param mappings the entities, parents first
     */
    public Worker(Databases databases, List<TableMapping> mappings, WorkerSettings settings) {
        this(databases, mappings, settings, new CompositeMeterRegistry());
    }

    /**
     * Makes a worker that is measured.
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
     * Works until {@link #stop()}; returns when the batches in hand are finished, or the time for that is over.
     *
     * @return the jobs that were not finished in time; they are safe to abandon, and another worker takes them over
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
     * Does what is due until nothing more can be done now, or until {@link #stop()}: works off intents and missed
     * writes, sweeps each entity whose pass is due for up to a minute, and tidies up. Keys that are worked on elsewhere
     * get some seconds to be finished there.
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

    /** Makes the worker end after the batches in hand. */
    public void stop() {
        stopped.countDown();
    }

    /** Returns how the worker is. */
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

    /** Gives each entity one turn; tells whether any got on. */
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
