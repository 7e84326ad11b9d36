package dev.crossfade.stages;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Polls for many threads at once: each waits for a poll that began after it asked, and one of them runs it. So two
 * polls serve any number of writers that a change of stages refused at the same moment. Thread-safe.
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
     * @throws RuntimeException if this thread ran the poll and it failed; threads that waited for it get no exception
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

    /** Called with the lock held; releases it while the poll runs. */
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
