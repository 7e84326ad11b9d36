package dev.crossfade.time;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A ticker whose time advances only when somebody waits, and then at once. */
final class ManualTicker implements Ticker {

    private final AtomicLong now;
    private final List<Duration> waited = new CopyOnWriteArrayList<>();

    ManualTicker(long start) {
        this.now = new AtomicLong(start);
    }

    /** Returns the length of each wait, in order. */
    List<Duration> waited() {
        return List.copyOf(waited);
    }

    void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    @Override
    public long nanos() {
        return now.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waited.add(duration);
        pass(duration);
    }

    @Override
    public boolean await(CountDownLatch signal, Duration atMost) throws InterruptedException {
        if (signal.getCount() > 0) {
            sleep(atMost);
        }
        return signal.getCount() == 0;
    }
}
