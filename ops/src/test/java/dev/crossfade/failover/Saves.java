package dev.crossfade.failover;

import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers of several instances that continue through a failover. Each key has one writer, and each save of it has a
 * higher number as its name; the number of the last save that returned is known.
 */
final class Saves implements AutoCloseable {

    private static final int KEPT = 40;
    private static final long KEYS_APART = 1_000_000;
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(2);

    private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;
    private volatile String lastRefusal = "none";

    /** Starts a writer for each of the given repositories. */
    Saves(List<DualWriteUsers> repositories) {
        for (DualWriteUsers users : repositories) {
            long first = KEYS_APART * (threads.size() + 1);
            Thread thread = new Thread(() -> run(users, first), "saves-" + threads.size());
            threads.add(thread);
            thread.start();
        }
    }

    /** Returns the number of the last save that returned, by key. */
    Map<Long, Long> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** Returns the number of the last save that returned, for keys where it has changed since an earlier moment. */
    Map<Long, Long> acknowledgedSince(Map<Long, Long> earlier) {
        Map<Long, Long> since = new HashMap<>(acknowledged);
        since.entrySet().removeIf(entry -> entry.getValue().equals(earlier.get(entry.getKey())));
        return since;
    }

    /** Returns how many saves have returned. */
    long count() {
        return count.get();
    }

    /** Returns how many saves were refused or failed, and the last reason. */
    String refusals() {
        return refused.get() + ", the last: " + lastRefusal;
    }

    /** Every third save is of a new key, the others of one of the latest. */
    private void run(DualWriteUsers users, long first) {
        long newest = first;
        for (long number = 1; !closed; number++) {
            newest += number % 3 == 0 ? 1 : 0;
            long key = Math.max(first, newest - number % KEPT);
            try {
                users.save(new User(key, null, "v " + number));
                acknowledged.put(key, number);
                count.incrementAndGet();
            } catch (RuntimeException e) {
                refused.incrementAndGet();
                lastRefusal = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(PACE);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.MINUTES.toMillis(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
