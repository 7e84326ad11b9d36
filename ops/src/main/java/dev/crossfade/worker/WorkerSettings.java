package dev.crossfade.worker;

import dev.crossfade.model.SettingChecks;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.verify.Sweep;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How a worker goes about it.
 *
 * @param draining how intents and missed writes are worked off
 * @param running how the process runs
 * @param sweeping how fast and how often keys are compared
 * @param keeping what is kept of the past
 * @param retries how keys are tried again that could not be applied
 */
public record WorkerSettings(
        Draining draining, Running running, Sweep.Settings sweeping, Keeping keeping, RetrySettings retries) {

    /** A sweep takes one, and intents must not wait for it. */
    private static final int LEAST_THREADS = 2;

    private static final int MOST_THREADS = 64;
    private static final int MOST_LANES = 16;
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(100);

    /** What is used where nothing is set. */
    public static final WorkerSettings DEFAULTS = new WorkerSettings(
            new Draining(Duration.ofSeconds(1), Duration.ofSeconds(2), 2),
            new Running(4, Duration.ofSeconds(2), Duration.ofSeconds(20), Optional.empty()),
            Sweep.Settings.DEFAULTS,
            new Keeping(Duration.ofDays(30), 100),
            RetrySettings.DEFAULTS);

    /** Refuses what is missing. */
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
     * How intents and missed writes are worked off.
     *
     * @param interval how long an entity rests when nothing is left to do
     * @param grace intents younger than this are left to the instance that wrote them
     * @param lanes how many batches of an entity are worked off at the same time
     */
    public record Draining(Duration interval, Duration grace, int lanes) {

        /** Refuses what makes no sense. */
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
     * @param threads how many jobs it does at a time
     * @param heartbeat how often it says that it is still at a job; after four that are missing, another worker takes
     *     it over
     * @param stopWithin how long jobs have to come to an end when the worker is told to stop
     * @param http where it answers for its health and its metrics, empty for nowhere
     */
    public record Running(int threads, Duration heartbeat, Duration stopWithin, Optional<InetSocketAddress> http) {

        /** Refuses what makes no sense. */
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
     * What is kept of the past. An entity's last verification and last pass of a sweep are always kept.
     *
     * @param age how old verifications with their differences, passes of sweeps and shadow reads may become
     * @param count how many verifications, and how many passes, are kept of each entity
     */
    public record Keeping(Duration age, int count) {

        /** Refuses what makes no sense. */
        public Keeping {
            new SettingChecks()
                    .atLeast("worker.keep.age", age, Duration.ofMillis(1))
                    .atLeast("worker.keep.count", count, 1)
                    .refuse();
        }
    }
}
