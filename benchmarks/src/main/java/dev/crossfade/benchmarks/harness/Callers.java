package dev.crossfade.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** Threads that call again as soon as they are answered. A failed call is counted, with the time that it took. */
public final class Callers implements AutoCloseable {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;

    private final ExecutorService threads;
    private final int count;
    private final SplittableRandom seeds = new SplittableRandom(42);

    /** Creates callers that wait for an operation. */
    public Callers(int count) {
        this.count = count;
        this.threads = Executors.newFixedThreadPool(count);
    }

    /**
     * The calls that callers made.
     *
     * @param latencies of all calls, in nanoseconds
     * @param failed how many of them failed
     */
    public record Seen(Histogram latencies, long failed) {

        /** Returns a result without calls. */
        public static Seen nothing() {
            return new Seen(new Histogram(LONGEST_NANOS, DIGITS), 0);
        }

        /** Returns the sum of both. */
        public Seen and(Seen other) {
            Histogram sum = latencies.copy();
            sum.add(other.latencies);
            return new Seen(sum, failed + other.failed);
        }
    }

    /** Makes {@code calls} calls, all callers together. */
    public Seen times(int calls, Operation operation) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(calls);
        return new Running(start(operation, () -> left.getAndDecrement() > 0)).end();
    }

    /** Calls for a time, and waits for the last calls. */
    public Seen lasting(Duration time, Operation operation) throws InterruptedException {
        return begin(time, operation).end();
    }

    /** Starts to call for a time. */
    public Running begin(Duration time, Operation operation) {
        long end = System.nanoTime() + time.toNanos();
        return new Running(start(operation, () -> System.nanoTime() < end));
    }

    /** Calls in progress. */
    public record Running(List<Future<Seen>> futures) {

        /** Waits until all callers have ended or the time is up. */
        public void await(Duration atMost) throws InterruptedException {
            long deadline = System.nanoTime() + atMost.toNanos();
            for (Future<Seen> future : futures) {
                try {
                    future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    return;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("A caller ended with a failure that is none of its call's.", e);
                }
            }
        }

        /** Waits for all callers. */
        public Seen end() throws InterruptedException {
            Seen sum = Seen.nothing();
            for (Future<Seen> future : futures) {
                try {
                    sum = sum.and(future.get());
                } catch (ExecutionException e) {
                    throw new IllegalStateException("A caller ended with a failure that is none of its call's.", e);
                }
            }
            return sum;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private List<Future<Seen>> start(Operation operation, BooleanSupplier more) {
        List<Future<Seen>> futures = new ArrayList<>();
        for (int caller = 0; caller < count; caller++) {
            SplittableRandom random = seeds.split();
            futures.add(threads.submit(() -> call(operation, random, more)));
        }
        return futures;
    }

    private static Seen call(Operation operation, SplittableRandom random, BooleanSupplier more) {
        Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
        long failed = 0;
        while (more.getAsBoolean()) {
            long start = System.nanoTime();
            try {
                operation.run(random);
            } catch (Exception | Error e) {
                failed++;
            }
            latencies.recordValue(Math.min(System.nanoTime() - start, LONGEST_NANOS));
        }
        return new Seen(latencies, failed);
    }
}
