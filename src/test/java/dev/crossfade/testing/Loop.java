package dev.crossfade.testing;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Repeats a round on a thread of its own, until it is closed or a round fails. */
public final class Loop implements AutoCloseable {

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile long rounds;

    private Loop(Runnable round) {
        this.thread = new Thread(() -> run(round), "loop");
    }

    /** Starts a loop. */
    public static Loop of(Runnable round) {
        Loop loop = new Loop(round);
        loop.thread.start();
        return loop;
    }

    /** Returns the failures that ended the loop early. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Returns how many rounds are done. */
    public long rounds() {
        return rounds;
    }

    /** Ends the loop after its current round. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TimeUnit.MINUTES.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable round) {
        long done = 0;
        try {
            while (!closed) {
                round.run();
                rounds = ++done;
            }
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }
}
