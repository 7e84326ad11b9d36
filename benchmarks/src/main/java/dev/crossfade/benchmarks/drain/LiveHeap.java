package dev.crossfade.benchmarks.drain;

import java.lang.management.ManagementFactory;

/** The most heap in use after a collection, in the moments that were sampled. */
final class LiveHeap {

    private static final double BYTES_PER_MEGABYTE = 1_000_000;

    private long most;
    private long looks;

    /** Samples after the first, second, fourth, eighth … call: the longer a run, the rarer. */
    void look() {
        looks++;
        if (Long.bitCount(looks) == 1) {
            System.gc();
            most = Math.max(
                    most,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    double megabytes() {
        return most / BYTES_PER_MEGABYTE;
    }
}
