package dev.crossfade.benchmarks.divergence;

import dev.crossfade.benchmarks.accounts.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that write the same keys at the same time. A write that fails ends the suite. */
final class Writers {

    private static final int PAIRS = 4;
    private static final int WRITERS_PER_KEY = 2;
    private static final int ROAMING = 8;
    private static final int DELETES_PER_HUNDRED = 10;
    private static final long LONGEST_WAIT_SECONDS = 60;

    private Writers() {}

    /** Writes one account. */
    @FunctionalInterface
    interface Save {
        void run(Account account) throws Exception;
    }

    /** Deletes the account with a key. */
    @FunctionalInterface
    interface Delete {
        void run(long key) throws Exception;
    }

    /**
     * Writes every key from 1 to {@code keys} twice at once: two writers race for each key, each with its own value.
     */
    static void meetAtEveryKey(int keys, Save save) throws Exception {
        List<Callable<Long>> writers = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            int first = pair + 1;
            CyclicBarrier meeting = new CyclicBarrier(WRITERS_PER_KEY);
            for (int writer = 1; writer <= WRITERS_PER_KEY; writer++) {
                String name = "Writer" + writer;
                writers.add(() -> {
                    long written = 0;
                    for (long key = first; key <= keys; key += PAIRS) {
                        meeting.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                        save.run(account(key, name, key));
                        written++;
                    }
                    return written;
                });
            }
        }
        run(writers);
    }

    /** Saves and deletes keys at random, {@code writes} times in all. */
    static void roam(int keys, int writes, Save save, Delete delete) throws Exception {
        SplittableRandom seeds = new SplittableRandom(42);
        List<Callable<Long>> writers = new ArrayList<>();
        for (int writer = 0; writer < ROAMING; writer++) {
            int share = writes / ROAMING + (writer < writes % ROAMING ? 1 : 0);
            String name = "Writer" + writer;
            SplittableRandom random = seeds.split();
            writers.add(() -> {
                for (int i = 0; i < share; i++) {
                    long key = 1 + random.nextLong(keys);
                    if (random.nextInt(100) < DELETES_PER_HUNDRED) {
                        delete.run(key);
                    } else {
                        save.run(account(key, name, i));
                    }
                }
                return (long) share;
            });
        }
        run(writers);
    }

    private static Account account(long key, String writer, long number) {
        return new Account(
                key, writer.toLowerCase(Locale.ROOT) + "." + number + "@example.org", writer + " N" + number);
    }

    private static void run(List<Callable<Long>> writers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
            for (Future<Long> future : threads.invokeAll(writers)) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
    }
}
