package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.strategies.OperationMix.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A load that continues whether or not it is answered.
 *
 * <p>Each operation is due at its own time. The next free caller starts it, and an operation that finds no free caller
 * in time is late. The load can be paused; operations due before the pause are still done.
 */
final class OpenLoop implements AutoCloseable {

    private static final long LONGEST_NAP_NANOS = 5_000_000;

    private final long origin = System.nanoTime();
    private final AccountService service;
    private final OperationMix mix;
    private final long interval;
    private final ExecutorService threads;
    private final List<OperationLog> logs = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private volatile long until;
    private long begun;

    /** A time in which operations were due. */
    private record Span(long from, long to) {

        long within(long start, long end) {
            return Math.max(0, Math.min(to, end) - Math.max(from, start));
        }
    }

    /** Creates a load, without starting it. */
    OpenLoop(int callers, double operationsPerSecond, OperationMix mix, AccountService service) {
        this.service = service;
        this.mix = mix;
        this.interval = Math.max(1, Math.round(1e9 / operationsPerSecond));
        this.threads = Executors.newFixedThreadPool(callers);
        for (int caller = 0; caller < callers; caller++) {
            logs.add(new OperationLog());
        }
    }

    /** Returns the time, in nanoseconds since the load was created. */
    long now() {
        return System.nanoTime() - origin;
    }

    /** Returns how many operations are due per second. */
    double perSecond() {
        return 1e9 / interval;
    }

    /** Starts, or resumes after a pause. */
    void go() {
        begun = now();
        until = Long.MAX_VALUE;
        long from = begun;
        long first = next.get();
        for (OperationLog log : logs) {
            running.add(threads.submit(() -> call(log, from, first)));
        }
    }

    /** Waits until everything that was due is done, and pauses all callers. */
    void pause() throws InterruptedException {
        until = now();
        spans.add(new Span(begun, until));
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("A caller ended with a failure that is none of its call's.", e);
            }
        }
        running.clear();
    }

    /** Returns how much of a time had due operations, in nanoseconds. Only while the load is paused. */
    long activeNanos(long from, long to) {
        return spans.stream().mapToLong(span -> span.within(from, to)).sum();
    }

    /** Reads all operations that were done, in no order. Only while the load is paused. */
    void forEach(Consumer<Done> reader) {
        logs.forEach(log -> log.forEach(reader));
    }

    /** Returns the first failure of an operation. */
    Optional<Throwable> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void call(OperationLog log, long from, long first) {
        while (!Thread.currentThread().isInterrupted()) {
            long number = next.getAndIncrement();
            long due = from + (number - first) * interval;
            if (!isReached(due)) {
                return;
            }
            Planned operation = mix.at(number);
            long began = now();
            boolean answered = answers(operation);
            log.add(operation, due, began, now(), answered);
        }
    }

    private boolean answers(Planned operation) {
        try {
            operation.run(service);
            return true;
        } catch (Exception | Error e) {
            firstFailure.compareAndSet(null, e);
            return false;
        }
    }

    /** Waits until a time; tells whether operations are still due then. */
    private boolean isReached(long due) {
        long left = due - now();
        while (left > 0 && due < until && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Math.min(left, LONGEST_NAP_NANOS));
            left = due - now();
        }
        return due < until;
    }
}
