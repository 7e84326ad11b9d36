package dev.crossfade.routing;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/**
 * Whether one entity's mirror is worth trying inline: a circuit breaker that opens on outages and on time spent waiting,
 * and a bulkhead that bounds how many callers wait at a moment. Neither ever waits. Thread-safe.
 */
record MirrorGuard(CircuitBreaker breaker, Bulkhead bulkhead) {

    /** Asks whether to try; if so, end it with one of the other methods. */
    boolean begin() {
        if (!bulkhead.tryAcquirePermission()) {
            return false;
        }
        if (!breaker.tryAcquirePermission()) {
            bulkhead.releasePermission();
            return false;
        }
        return true;
    }

    /** The mirror was written, or refused a row of its own accord, since {@code start}. */
    void succeeded(long start) {
        bulkhead.onComplete();
        breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /** The mirror could not be used. */
    void failed(long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }

    /** Whether the mirror can be used was not found out. */
    void abandoned() {
        bulkhead.onComplete();
        breaker.releasePermission();
    }
}
