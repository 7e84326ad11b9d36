package dev.crossfade.sample.demo;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sample.storage.Repositories;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Clients that use the service all the time, each on its own thread. They keep an even pace, so a stall is not
 * followed by a burst, and can be stopped between two operations.
 */
final class Traffic implements AutoCloseable {

    /** Operations per second of all writers together: a busy service, not a saturated one. */
    private static final int PACE = 1_000;

    private static final Duration LONGEST_LAG = Duration.ofMillis(50);

    private final List<Writer> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private final Counters counters;
    private final ReentrantReadWriteLock working = new ReentrantReadWriteLock(true);
    private volatile boolean stopped;

    /** Creates the writers; they start with {@link #start()}. */
    Traffic(Repositories repositories, DemoSettings settings) {
        this.counters = new Counters(repositories.orders());
        for (int number = 0; number < settings.writers(); number++) {
            Random random = new Random(settings.seed() * 1_000_003 + number);
            Workplace workplace = new Workplace(repositories, random, new RandomRecords(random, number), ledger);
            Share share = new Share(settings.rows() / 2, number, settings.writers());
            Writer writer = new Writer(workplace, share, counters);
            writers.add(writer);
            threads.add(new Thread(() -> run(writer), "writer-" + number));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Lets each writer do one operation on the caller's thread, in place of {@link #start()}. */
    void step() {
        writers.forEach(Writer::step);
    }

    Ledger ledger() {
        return ledger;
    }

    Counters counters() {
        return counters;
    }

    /** Returns what each writer knows. Call it only while the traffic is paused or has ended. */
    List<Model> models() {
        return writers.stream().map(Writer::model).toList();
    }

    /** Lets every writer finish its operation and then wait. Resume on the same thread. */
    void pause() {
        working.writeLock().lock();
    }

    void resume() {
        working.writeLock().unlock();
    }

    /** Ends the traffic after the current operations. */
    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("Interrupted while the writers were ending.", e);
        }
    }

    private void run(Writer writer) {
        long interval = TimeUnit.SECONDS.toNanos(1) * threads.size() / PACE;
        long next = System.nanoTime();
        while (!stopped) {
            working.readLock().lock();
            try {
                writer.step();
            } finally {
                working.readLock().unlock();
            }
            next = Math.max(next + interval, System.nanoTime() - LONGEST_LAG.toNanos());
            try {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            } catch (InterruptedException e) {
                stopped = true;
                Thread.currentThread().interrupt();
            }
        }
    }
}
