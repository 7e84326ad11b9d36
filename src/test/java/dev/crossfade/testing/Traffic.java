package dev.crossfade.testing;

import dev.crossfade.Crossfade;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random writes of several threads on few keys until it is closed: saves, batches, statements of the service's own,
 * deletes, re-inserts, and transactions of which some are rolled back. All threads write the shared keys; each has keys
 * of its own too, of which it knows the last acknowledged value.
 */
public final class Traffic implements AutoCloseable {

    /** Keys that all threads write. */
    public static final int SHARED = 8;

    private static final int OWN = 3;
    private static final int FIRST_OWN = 1000;

    private final Crossfade crossfade;
    private final DualWriteUsers users;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, Optional<User>> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong operations = new AtomicLong();
    private volatile boolean closed;

    /** Starts {@code threads} writers; the same seed makes each of them do the same. */
    public Traffic(Crossfade crossfade, DualWriteUsers users, int threads, long seed) {
        this.crossfade = crossfade;
        this.users = users;
        for (int i = 0; i < threads; i++) {
            Writer writer = new Writer(i, new Random(seed * 31 + i));
            Thread thread = new Thread(writer::run, "writer-" + i);
            this.threads.add(thread);
            thread.start();
        }
    }

    /** Thrown to roll a transaction back. */
    private static final class ChangedMindException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Returns the unexpected failures. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Returns how many operations were acknowledged. */
    public long operations() {
        return operations.get();
    }

    /** Returns the last acknowledged value of each key that one thread owns, empty for a deleted one. */
    public Map<Long, Optional<User>> acknowledged() {
        return acknowledged;
    }

    /** Ends the writers after their current operations. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(60));
                if (thread.isAlive()) {
                    failures.add(new IllegalStateException(thread.getName() + " hangs"));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Writer {

        private final long own;
        private final Random random;
        private int counter;

        Writer(int number, Random random) {
            this.own = FIRST_OWN + 10L * number;
            this.random = random;
        }

        void run() {
            while (!closed) {
                try {
                    operate();
                    operations.incrementAndGet();
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                    return;
                }
            }
        }

        private void operate() {
            switch (random.nextInt(10)) {
                case 0, 1 -> users.save(next(shared()));
                case 2 -> saveOwn();
                case 3 -> saveBatch();
                case 4 -> Users.rename(users, shared(), name());
                case 5 -> renameOwn();
                case 6 -> users.delete(shared());
                case 7 -> deleteOwn();
                case 8 -> transaction();
                default -> deleteBatch();
            }
        }

        private void saveOwn() {
            User user = next(ownKey());
            users.save(user);
            acknowledged.put(user.id(), Optional.of(user));
        }

        private void saveBatch() {
            long from = shared();
            User mine = next(ownKey());
            users.saveAll(List.of(next(from), next(from % SHARED + 1), mine));
            acknowledged.put(mine.id(), Optional.of(mine));
        }

        private void renameOwn() {
            long key = ownKey();
            String name = name();
            int renamed = Users.rename(users, key, name);
            Optional<User> before = acknowledged.getOrDefault(key, Optional.empty());
            if (renamed != (before.isPresent() ? 1 : 0)) {
                throw new AssertionError("renamed " + renamed + " of " + before);
            }
            before.ifPresent(user -> acknowledged.put(key, Optional.of(new User(key, user.email(), name))));
        }

        private void deleteOwn() {
            long key = ownKey();
            boolean deleted = users.delete(key);
            Optional<User> before = acknowledged.getOrDefault(key, Optional.empty());
            if (deleted != before.isPresent()) {
                throw new AssertionError("deleted " + deleted + " though it was " + before);
            }
            acknowledged.put(key, Optional.empty());
        }

        private void deleteBatch() {
            long from = shared();
            users.deleteAll(List.of(from, from % SHARED + 1));
        }

        /** Writes shared keys in order, as a service must to avoid deadlocks, then deletes and re-inserts its own. */
        private void transaction() {
            boolean rollBack = random.nextInt(3) == 0;
            long low = 1 + random.nextInt(SHARED / 2);
            long high = low + 1 + random.nextInt(SHARED / 2);
            User mine = next(ownKey());
            User first = next(low);
            User second = next(high);
            try {
                crossfade.transaction(tx -> {
                    DualWriteUsers bound = users.in(tx);
                    bound.save(first);
                    bound.delete(high);
                    bound.save(second);
                    bound.delete(mine.id());
                    bound.save(mine);
                    if (rollBack) {
                        throw new ChangedMindException();
                    }
                    return null;
                });
                acknowledged.put(mine.id(), Optional.of(mine));
            } catch (ChangedMindException e) {
                if (!rollBack) {
                    throw e;
                }
            }
        }

        private long shared() {
            return 1 + random.nextInt(SHARED);
        }

        private long ownKey() {
            return own + random.nextInt(OWN);
        }

        private String name() {
            return "N" + own + " v" + ++counter;
        }

        private User next(long key) {
            return new User(key, "u" + key + "." + own + "." + counter + "@example.org", name());
        }
    }
}
