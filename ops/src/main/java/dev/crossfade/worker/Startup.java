package dev.crossfade.worker;

import dev.crossfade.time.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries something until it succeeds, with growing pauses: what a worker does while its databases are down. */
public final class Startup {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final Predicate<RuntimeException> mayPass;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<String> waitsFor = Optional.empty();

    /**
     * Makes a startup.
     *
     * @param mayPass tells whether waiting may help against a failure; others are thrown
     */
    public Startup(Predicate<RuntimeException> mayPass) {
        this.mayPass = mayPass;
    }

    /** Returns what was made, empty if {@link #stop()} came first. */
    public <T> Optional<T> await(Supplier<T> making) {
        Backoff backoff = new Backoff(Job.FIRST_PAUSE, Job.LONGEST_PAUSE);
        while (stopped.getCount() > 0) {
            try {
                T made = making.get();
                if (backoff.succeeded()) {
                    LOG.info("The databases answer now.");
                }
                return Optional.of(made);
            } catch (RuntimeException e) {
                if (!mayPass.test(e)) {
                    throw e;
                }
                waitsFor = Optional.of(String.valueOf(e.getMessage()));
                Duration pause = backoff.failed();
                if (backoff.hasJustBegun()) {
                    LOG.warn("{} The worker waits for it.", e.getMessage());
                }
                rest(pause);
            }
        }
        return Optional.empty();
    }

    /** Returns what the last try failed of, empty before one has. */
    public Optional<String> waitsFor() {
        return waitsFor;
    }

    /** Ends the wait; callable from any thread. */
    public void stop() {
        stopped.countDown();
    }

    private void rest(Duration pause) {
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("The worker was asked to stop before its databases answered.");
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
    }
}
