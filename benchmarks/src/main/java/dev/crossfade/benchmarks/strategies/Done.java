package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.strategies.OperationMix.Kind;

/**
 * An operation that is over. Times are nanoseconds since the load was made.
 *
 * @param number its place in the load
 * @param due when it was to begin
 * @param began when it was begun
 * @param ended when it was answered or failed
 * @param answered whether it was answered
 */
record Done(long number, Kind kind, long key, long due, long began, long ended, boolean answered) {

    /** Counts from when it was due: who had to wait for a free caller has waited too. */
    long latency() {
        return ended - due;
    }
}
