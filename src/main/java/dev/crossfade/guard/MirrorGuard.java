package dev.crossfade.guard;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/**
 * Whether one entity's mirror is worth trying inline: a circuit breaker that opens on failures and on time spent
 * waiting, and a bulkhead that bounds how many callers wait at a moment. Neither ever waits. Thread-safe.
 */
public final class MirrorGuard {

    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    MirrorGuard(CircuitBreaker breaker, Bulkhead bulkhead) {
        this.breaker = breaker;
        this.bulkhead = bulkhead;
    }

    /** Asks whether to try; if so, end it with one of the other methods. */
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

    /** Tells whether the mirror has failed lately, and whoever was let through tries it. */
    public boolean isProbing() {
        return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** Tells whether every caller is let through, as long as there are not too many at a time. */
    public boolean isTrusted() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** The mirror was written since {@code start}. */
    public void succeeded(long start) {
        bulkhead.onComplete();
        breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /**
     * The mirror was not written. A row that does not fit counts too: where most of them do not, trying each costs
     * their writers a statement.
     */
    public void failed(long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }

    /**
     * The connection was lost in a statement that writes both sides. If the mirror did that, the next write would lose
     * its own, too.
     */
    public void lost(long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }

    /**
     * The mirror was written, and its transaction could not be committed, but without the mirror; or the connection was
     * lost in the commit.
     */
    public void failedAtCommit(Throwable failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
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
