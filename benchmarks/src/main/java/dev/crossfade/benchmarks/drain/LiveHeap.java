package dev.crossfade.benchmarks.drain;

import java.lang.management.ManagementFactory;

/** The most of this JVM's heap that was found in use, after a collection, in the moments looked at. */
final class LiveHeap {

    private static final double BYTES_PER_MEGABYTE = 1_000_000;

    private long most;
    private long looks;

    /** Looks after the first, second, fourth, eighth … call: the longer a run, the rarer. */
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
