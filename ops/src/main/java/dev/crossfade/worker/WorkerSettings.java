package dev.crossfade.worker;

import dev.crossfade.model.SettingChecks;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.verify.Sweep;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The worker's settings.
 *
 * @param draining how intents and missed writes are drained
 * @param running how the process runs
 * @param sweeping how fast and how often keys are compared
 * @param keeping how much history is kept
 * @param retries how failed keys are retried
 */
public record WorkerSettings(
        Draining draining, Running running, Sweep.Settings sweeping, Keeping keeping, RetrySettings retries) {

    /** The fewest threads: a sweep takes one, and intents must not wait for it. */
    private static final int LEAST_THREADS = 2;

    private static final int MOST_THREADS = 64;
    private static final int MOST_LANES = 16;
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(100);

    /** The settings used where nothing is set. */
    public static final WorkerSettings DEFAULTS = new WorkerSettings(
            new Draining(Duration.ofSeconds(1), Duration.ofSeconds(2), 2),
            new Running(4, Duration.ofSeconds(2), Duration.ofSeconds(20), Optional.empty()),
            Sweep.Settings.DEFAULTS,
            new Keeping(Duration.ofDays(30), 100),
            RetrySettings.DEFAULTS);

    /** Refuses missing values. */
    public WorkerSettings {
        new SettingChecks()
                .given("draining", draining)
                .given("running", running)
                .given("sweeping", sweeping)
                .given("keeping", keeping)
                .given("retries", retries)
                .refuse();
    }

    /**
     * How intents and missed writes are drained.
     *
     * @param interval how long an entity rests when nothing is left to do
     * @param grace intents younger than this are left to the instance that wrote them
     * @param lanes how many batches of an entity are applied at the same time
     */
    public record Draining(Duration interval, Duration grace, int lanes) {

        /** Refuses settings that make no sense. */
        public Draining {
            new SettingChecks()
                    .atLeast("worker.interval", interval, Duration.ofMillis(1))
                    .atLeast("worker.grace", grace, Duration.ZERO)
                    .within("worker.lanes", lanes, 1, MOST_LANES)
                    .refuse();
        }
    }

    /**
     * How the process runs.
     *
     * @param threads how many jobs it runs at a time
     * @param heartbeat how often it reports that a job is alive; after four missing heartbeats another worker takes it
     *     over
     * @param stopWithin how long jobs have to finish when the worker is told to stop
     * @param http the address that serves its health and metrics, empty for none
     */
    public record Running(int threads, Duration heartbeat, Duration stopWithin, Optional<InetSocketAddress> http) {

        /** Refuses settings that make no sense. */
        public Running {
            new SettingChecks()
                    .within("worker.threads", threads, LEAST_THREADS, MOST_THREADS)
                    .atLeast("worker.heartbeat", heartbeat, SHORTEST_HEARTBEAT)
                    .atLeast("worker.stop.within", stopWithin, Duration.ZERO)
                    .given("worker.http", http)
                    .refuse();
        }
    }

    /**
     * How much history is kept. An entity's last verification and last pass of a sweep are always kept.
     *
     * @param age the greatest age of verifications with their differences, passes of sweeps and shadow reads
     * @param count how many verifications, and how many passes, are kept for each entity
     */
    public record Keeping(Duration age, int count) {

        /** Refuses settings that make no sense. */
        public Keeping {
            new SettingChecks()
                    .atLeast("worker.keep.age", age, Duration.ofMillis(1))
                    .atLeast("worker.keep.count", count, 1)
                    .refuse();
        }
    }
}
