package dev.crossfade.guard;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;

/** Shows tests of other rooms the circuit breaker of a mirror. */
public final class Breakers {

    private Breakers() {}

    public static CircuitBreaker of(MirrorGuard guard) {
        return guard.breaker();
    }
}
