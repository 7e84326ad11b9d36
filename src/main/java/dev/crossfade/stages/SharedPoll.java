package dev.crossfade.stages;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Polls for many threads at once: each waits for the end of a poll that began after it asked, which one of them runs.
 * Two polls serve any number of writers that a change of stages has refused at the same moment. Thread-safe.
 */
final class SharedPoll {

    private final Runnable poll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean running;
    private long begun;
    private long finished;

    /** Runs {@code poll}, by one thread at a time. */
    SharedPoll(Runnable poll) {
        this.poll = poll;
    }

    /**
     * Returns at the end of a poll that began after this call.
     *
     * @throws RuntimeException if it was run by this thread and failed; whoever waited for a poll of another thread
     *     hears nothing of it
     */
    void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long enough = begun + 1;
            while (finished < enough) {
                if (running) {
                    ended.await();
                } else {
                    run();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock in hand, which is given up for as long as it takes. */
    private void run() {
        running = true;
        long number = ++begun;
        lock.unlock();
        try {
            poll.run();
        } finally {
            lock.lock();
            running = false;
            finished = number;
            ended.signalAll();
        }
    }
}
