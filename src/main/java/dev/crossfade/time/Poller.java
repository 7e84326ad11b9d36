package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A named daemon thread that repeats a round, with pauses, until it is told to end.
 *
 * <p>There are two ways to end it. {@link #close()} interrupts the round: for rounds that only read. {@link
 * #finish()} lets the round end by itself and only cuts pauses short: for rounds that write. Neither waits for the
 * end; {@link #awaitEnd} does. An interruption that a round does not catch ends the thread too, and so does anything
 * that a round throws. Thread-safe.
 */
public final class Poller implements AutoCloseable {

    private final Round round;
    private final Runnable last;
    private final Ticker ticker;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch finishing = new CountDownLatch(1);
    private volatile boolean ending;

    /** The repeated work. */
    @FunctionalInterface
    public interface Round {

        /** Does the work once, and returns how long to pause before the next round. */
        Duration once() throws InterruptedException;
    }

    /** Creates a poller that is not started. */
    public Poller(String name, Round round) {
        this(name, round, () -> {});
    }

    /**
     * Creates a poller that is not started.
     *
     * @param last run by the thread after it was told to end, without being interrupted
     */
    public Poller(String name, Round round, Runnable last) {
        this(name, round, last, Ticker.SYSTEM);
    }

    /** Pauses as a ticker counts the time. */
    public Poller(String name, Round round, Runnable last, Ticker ticker) {
        this.round = round;
        this.last = last;
        this.ticker = ticker;
        this.thread = DaemonThread.named(name, this::run);
    }

    /** Starts the thread, which begins with a round; does nothing if it was started already. */
    public void start() {
        if (!started.get() && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** Tells whether it was told to end, or has ended after an interruption. */
    public boolean isEnding() {
        return ending;
    }

    /**
     * Pauses within a round, until the time is up or the poller is told to end; not at all if the time is not
     * positive.
     */
    public void pause(Duration duration) throws InterruptedException {
        if (duration.isPositive() && !ending) {
            ticker.await(finishing, duration);
        }
    }

    /** Ends the thread, interrupting its round. */
    @Override
    public void close() {
        ending = true;
        thread.interrupt();
    }

    /** Ends the thread after the current round, without interrupting it. */
    public void finish() {
        ending = true;
        finishing.countDown();
    }

    /**
     * Waits for the end of a thread that was told to end; tells whether it has ended or was never started. An
     * interruption of the caller ends the waiting, and the caller stays interrupted.
     */
    public boolean awaitEnd(Duration atMost) {
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !thread.isAlive();
    }

    private void run() {
        try {
            while (!ending) {
                pause(round.once());
            }
        } catch (InterruptedException e) {
            ending = true;
        }
        // The interruption that ended the thread must not affect its last work.
        Thread.interrupted();
        last.run();
    }
}
