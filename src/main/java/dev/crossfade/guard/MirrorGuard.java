package dev.crossfade.guard;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether one entity's mirror is worth trying inline: a circuit breaker that opens on failures and on time
 * spent waiting, and a bulkhead that limits how many callers wait at the same time. Neither ever waits. Thread-safe.
 */
public final class MirrorGuard {

    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    MirrorGuard(CircuitBreaker breaker, Bulkhead bulkhead) {
        this.breaker = breaker;
        this.bulkhead = bulkhead;
    }

    /** Asks whether to try; if so, the caller must report the outcome with one of the other methods. */
    public boolean begin() {
        if (!bulkhead.tryAcquirePermission()) {
            return false;
        }
        if (!breaker.tryAcquirePermission()) {
            bulkhead.releasePermission();
            return false;
        }
        return true;
    }

    /** Tells whether the mirror has failed recently, so that the callers let through are probes. */
    public boolean isProbing() {
        return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** Tells whether the breaker lets every caller through, subject to the bulkhead. */
    public boolean isTrusted() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Reports that the mirror was written, started at {@code start}. */
    public void succeeded(long start) {
        bulkhead.onComplete();
        breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /**
     * Reports that the mirror was not written. A refused row counts too: if most rows are refused, trying each costs
     * its writer a statement.
     */
    public void failed(long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }

    /**
     * The mirror was written, and its transaction could not be committed, but without the mirror; or the connection was
     * lost in the commit. The breaker opens at once: each write of that transaction was reported as a success before,
     * and outnumbers its one commit.
     */
    public void failedAtCommit(Throwable failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
        if (isTrusted() || isProbing()) {
            breaker.transitionToOpenState();
        }
    }

    /** Whether the mirror can be used was not found out. */
    public void abandoned() {
        bulkhead.onComplete();
        breaker.releasePermission();
    }

    CircuitBreaker breaker() {
        return breaker;
    }
}
