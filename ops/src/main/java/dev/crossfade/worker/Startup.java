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

/** Retries something until it succeeds, with growing pauses, while a worker's databases are down. */
public final class Startup {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final Predicate<RuntimeException> mayPass;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<String> waitsFor = Optional.empty();

    /**
     * Creates a startup.
     *
     * @param mayPass tells whether a failure may pass by waiting; others are thrown
     */
    public Startup(Predicate<RuntimeException> mayPass) {
        this.mayPass = mayPass;
    }

    /** Returns the result, empty if {@link #stop()} came first. */
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

    /** Returns the last attempt's failure, empty before there is one. */
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
