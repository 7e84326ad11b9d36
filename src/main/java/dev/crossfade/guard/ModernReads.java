package dev.crossfade.guard;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.sql.ServerMessage;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether one entity's modern side is fit to answer reads while the legacy side still decides. Reads that
 * fail or take too long open a circuit breaker; a semaphore limits how many callers a hanging server can block.
 * Thread-safe.
 *
 * <p>As long as no read has failed, none is reported to the breaker, whose bookkeeping costs more than a routed read
 * may. From the first failure on it gets everything, until its window holds only successes again. For the same reason
 * the semaphore is the JDK's: a bulkhead with events allocates for each call.
 */
public final class ModernReads {

    private static final Logger LOG = LoggerFactory.getLogger(ModernReads.class);

    /** The mask that samples one read of eight. */
    private static final int SAMPLE = 7;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String entity;
    private final CircuitBreaker breaker;
    private final Semaphore callers;
    private final TroubleLog failing;
    private volatile boolean troubled;

    ModernReads(String entity, CircuitBreaker breaker, int concurrency) {
        this.entity = entity;
        this.failing = new TroubleLog(LOG, "%s: the modern side answers reads again.".formatted(entity));
        this.breaker = breaker;
        this.callers = new Semaphore(concurrency);
    }

    /**
     * Asks whether a read may go to the modern side; if so, the caller must end it with {@link #succeeded} or {@link
     * #failed}.
     */
    public boolean begin() {
        if (!callers.tryAcquire()) {
            return false;
        }
        if (troubled && !breaker.tryAcquirePermission()) {
            callers.release();
            return false;
        }
        return true;
    }

    /**
     * Tells whether to time a read: every read after a failure, otherwise a sample, because the clock costs more than
     * the rest.
     */
    public boolean isWatching() {
        return troubled || (ThreadLocalRandom.current().nextInt() & SAMPLE) == 0;
    }

    /** Reports that a read was answered; {@code nanos} is 0 if it was not timed. */
    public void succeeded(long nanos) {
        callers.release();
        if (nanos > SLOW_NANOS) {
            troubled = true;
        }
        if (troubled) {
            breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            CircuitBreaker.Metrics window = breaker.getMetrics();
            boolean full = window.getNumberOfBufferedCalls()
                    >= breaker.getCircuitBreakerConfig().getSlidingWindowSize();
            troubled = !full || window.getNumberOfFailedCalls() + window.getNumberOfSlowCalls() > 0;
        }
        failing.succeeded();
    }

    /** Reports that a read failed. */
    public void failed(long nanos, Throwable failure) {
        callers.release();
        troubled = true;
        breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        failing.failed("%s: reads of the modern side fail, and the legacy side answers them: %s"
                .formatted(entity, ServerMessage.sentence(ServerMessage.withoutValues(failure))));
    }
}
