package dev.crossfade.benchmarks.strategies;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The operations that were due within a time, as callers saw them.
 *
 * @param latencies the time since each operation was due, in nanoseconds, including failed ones
 * @param failed how many failed
 * @param answeredPerSecond answers per second of that time in which the load was running
 * @param downNanos the total time in which operations failed or waited for more than a second
 */
record Seen(Histogram latencies, long failed, double answeredPerSecond, long downNanos) {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(30);
    private static final int DIGITS = 3;
    private static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Operations that fail at once leave gaps between them, in which nothing worked either. */
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Returns the operations within a time. Only while the load is paused. */
    static Seen in(Window window, OpenLoop load) {
        Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
        List<Done> bad = new ArrayList<>();
        long[] counts = new long[2];
        load.forEach(done -> {
            if (done.answered() && window.contains(done.ended())) {
                counts[0]++;
            }
            if (!window.contains(done.due())) {
                return;
            }
            latencies.recordValue(Math.clamp(done.latency(), 0, LONGEST_NANOS));
            if (!done.answered()) {
                counts[1]++;
            }
            if (!done.answered() || done.latency() > TOO_LONG_NANOS) {
                bad.add(done);
            }
        });
        double seconds = load.activeNanos(window.from(), window.to()) / 1e9;
        return new Seen(latencies, counts[1], seconds > 0 ? counts[0] / seconds : 0, union(bad));
    }

    boolean isEmpty() {
        return latencies.getTotalCount() == 0;
    }

    double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    double longestMillis() {
        return latencies.getMaxValue() / 1e6;
    }

    /** Returns how long at least one of these was waiting. */
    static long union(List<Done> waiting) {
        long down = 0;
        long from = 0;
        long to = Long.MIN_VALUE;
        for (Done done :
                waiting.stream().sorted(Comparator.comparingLong(Done::due)).toList()) {
            if (to == Long.MIN_VALUE || done.due() > to + GAP_NANOS) {
                down += to == Long.MIN_VALUE ? 0 : to - from;
                from = done.due();
                to = done.ended();
            } else {
                to = Math.max(to, done.ended());
            }
        }
        return to == Long.MIN_VALUE ? 0 : down + to - from;
    }
}
