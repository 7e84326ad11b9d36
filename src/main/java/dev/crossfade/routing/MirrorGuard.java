package dev.crossfade.routing;

import dev.crossfade.model.Side;
import dev.crossfade.sql.FailureClass;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/**
 * Whether one entity's mirror is worth trying inline: a circuit breaker that opens on failures and on time spent
 * waiting, and a bulkhead that bounds how many callers wait at a moment. Neither ever waits. Thread-safe.
 */
record MirrorGuard(String entity, CircuitBreaker breaker, Bulkhead bulkhead, RoutingListener listener) {

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

    /** Tells whether the mirror has failed lately, and whoever was let through tries it. */
    boolean isProbing() {
        return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** The mirror was written since {@code start}. */
    void succeeded(long start) {
        bulkhead.onComplete();
        breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /**
     * The mirror was not written. A row that does not fit counts too: where most of them do not, trying each costs
     * their writers a statement.
     */
    void failed(Side mirror, long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
        listener.mirrorMissed(entity, mirror, FailureClass.of(failure));
    }

    /**
     * The connection was lost in a statement that writes both sides. If the mirror did that, the next write would lose
     * its own, too.
     */
    void lost(long start, Throwable failure) {
        bulkhead.onComplete();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }

    /**
     * The mirror was written, and its transaction could not be committed, but without the mirror; or the connection was
     * lost in the commit.
     */
    void failedAtCommit(Side mirror, Throwable failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
        listener.mirrorMissed(entity, mirror, FailureClass.of(failure));
    }

    /** Whether the mirror can be used was not found out. */
    void abandoned() {
        bulkhead.onComplete();
        breaker.releasePermission();
    }
}
