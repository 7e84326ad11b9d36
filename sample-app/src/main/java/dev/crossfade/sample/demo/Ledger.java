package dev.crossfade.sample.demo;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the writers do and what fails; keeps the first failure of each kind. Thread-safe. */
final class Ledger {

    private final LongAdder operations = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Map<String, Kind> kinds = new ConcurrentSkipListMap<>();

    /** Failures of one kind. */
    record Kind(String example, LongAdder count) {}

    /** An operation ended, successfully or not. */
    void ended(long nanos) {
        operations.increment();
        longestNanos.accumulateAndGet(nanos, Math::max);
    }

    /** An operation ended with an exception that reached the caller. */
    void failed(String operation, Throwable failure) {
        failures.increment();
        StringBuilder messages = new StringBuilder(String.valueOf(failure.getMessage()));
        String state = "";
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            messages.append(" — ").append(cause.getMessage());
            if (cause instanceof SQLException sql) {
                state = " " + sql.getSQLState();
            }
        }
        count(operation + ": " + failure.getClass().getSimpleName() + state, messages.toString());
    }

    /** A read did not see this thread's earlier write. */
    void violated(String operation, String what) {
        violations.increment();
        count(operation + ": did not read its own write", what);
    }

    private void count(String kind, String example) {
        kinds.computeIfAbsent(kind, key -> new Kind(example, new LongAdder()))
                .count()
                .increment();
    }

    long operations() {
        return operations.sum();
    }

    /** Returns how many operations failed, including stale reads. */
    long failed() {
        return failures.sum() + violations.sum();
    }

    long violations() {
        return violations.sum();
    }

    long longestMillis() {
        return longestNanos.get() / 1_000_000;
    }

    Map<String, Kind> kinds() {
        return kinds;
    }
}
