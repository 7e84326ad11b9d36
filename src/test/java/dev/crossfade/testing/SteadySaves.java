package dev.crossfade.testing;

import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Threads that each save a key of their own over and over, until it is closed; the longest save is known. */
public final class SteadySaves implements AutoCloseable {

    /** The first one's key. */
    public static final long FIRST = 100;

    /** Leaves processor time for whatever else runs. */
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(1);

    private final Map<Long, String> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** Starts the threads; their keys begin at {@link #FIRST}. */
    public SteadySaves(DualWriteUsers users, int number) {
        this(users, FIRST, number);
    }

    /** Starts the threads; their keys begin at {@code first}. */
    public SteadySaves(DualWriteUsers users, long first, int number) {
        for (int i = 0; i < number; i++) {
            long key = first + i;
            Thread thread = new Thread(() -> run(users, key), "saves-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(DualWriteUsers users, long key) {
        for (int version = 1; !closed; version++) {
            long start = System.nanoTime();
            try {
                users.save(new User(key, null, "v " + version));
                acknowledged.put(key, "v " + version);
                count.incrementAndGet();
            } catch (RuntimeException e) {
                failures.add(e);
            }
            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
            LockSupport.parkNanos(PACE);
        }
    }

    /** Waits for some more saves to return, or one to fail. */
    public void awaitMore(int saves) {
        long from = count.get();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> count.get() >= from + saves || !failures.isEmpty());
    }

    /** Returns what failed. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Returns how long the longest save took. */
    public Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    /** Returns the keys whose last acknowledged content is missing. */
    public List<Long> lost(DualWriteUsers users) {
        return acknowledged.keySet().stream()
                .filter(key -> users.find(key)
                        .filter(user -> user.name().equals(acknowledged.get(key)))
                        .isEmpty())
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.MINUTES.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
