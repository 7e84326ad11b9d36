package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.strategies.OperationMix.Kind;

/**
 * An operation that has ended. Times are nanoseconds since the load was created.
 *
 * @param number its position in the load
 * @param due when it was due to begin
 * @param began when it began
 * @param ended when it was answered, or failed
 * @param answered whether it was answered
 */
record Done(long number, Kind kind, long key, long due, long began, long ended, boolean answered) {

    /** Returns the time since it was due: an operation that waited for a free caller has waited too. */
    long latency() {
        return ended - due;
    }
}
