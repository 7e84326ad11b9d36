package dev.crossfade.backfill;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a backfill is.
 *
 * @param rowsDone rows copied or already there, in all runs together
 * @param rowsTotal rows within the bounds when the backfill began; an estimate on big tables
 * @param rowsThisRun rows processed in this run
 * @param elapsed time since this run began
 */
public record Progress(String entity, long rowsDone, long rowsTotal, long rowsThisRun, Duration elapsed) {

    /** Returns the rate of this run. */
    public double rowsPerSecond() {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds <= 0 ? 0 : rowsThisRun / seconds;
    }

    /** Returns the time left at this run's rate, empty while the rate is not known. */
    public Optional<Duration> remaining() {
        double rate = rowsPerSecond();
        return rate <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) (Math.max(0, rowsTotal - rowsDone) * 1000 / rate)));
    }
}
