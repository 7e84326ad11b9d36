package dev.crossfade.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A daemon thread with a name that does the same again and again, with pauses, until it is told to end.
 *
 * <p>There are two ways to end it. {@link #close()} interrupts what it is doing: for rounds that only look.
 * {@link #finish()} lets the round end by itself and cuts only pauses short: for rounds that write. Neither waits for
 * the end; {@link #awaitEnd} does. An interruption that a round does not catch ends the thread too, and so does
 * anything that a round throws. Thread-safe.
 */
public final class Poller implements AutoCloseable {

    private final Round round;
    private final Runnable last;
    private final Ticker ticker;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch finishing = new CountDownLatch(1);
    private volatile boolean ending;

    /** What is done again and again. */
    @FunctionalInterface
    public interface Round {

        /** Does it once, and returns how long to pause before it is done again. */
        Duration once() throws InterruptedException;
    }

    /** Makes a poller that is not started. */
    public Poller(String name, Round round) {
        this(name, round, () -> {});
    }

    /**
     * Makes a poller that is not started.
     *
     * @param last done by the thread when it has been told to end, not interrupted by that any more
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

    /** For a round: waits as long as it is not told to end; not at all for what is not positive. */
    public void pause(Duration duration) throws InterruptedException {
        if (duration.isPositive() && !ending) {
            ticker.await(finishing, duration);
        }
    }

    /** Ends the thread, and interrupts what it is doing. */
    @Override
    public void close() {
        ending = true;
        thread.interrupt();
    }

    /** Ends the thread after the round in hand, without interrupting it. */
    public void finish() {
        ending = true;
        finishing.countDown();
    }

    /** Waits for the end of a thread that was told to; tells whether it has come, or was never started. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
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
        // What has ended the thread must not keep it from doing what it does last.
        Thread.interrupted();
        last.run();
    }
}
