package dev.crossfade.guard;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The guards of a service's entities: one for each mirror, and one for each entity's modern reads. Thread-safe. */
public final class Guards {

    private final int concurrency;
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .slowCallRateThreshold(50)
            .slowCallDurationThreshold(Duration.ofSeconds(1))
            .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10)))
            .permittedNumberOfCallsInHalfOpenState(1)
            .writableStackTraceEnabled(false)
            .build());
    private final BulkheadRegistry bulkheads;
    private final Map<String, ModernReads> modernReads = new ConcurrentHashMap<>();

    /** Creates guards that let at most so many callers at a time wait for one entity's mirror, or its modern reads. */
    public Guards(int concurrency) {
        this.concurrency = concurrency;
        this.bulkheads = BulkheadRegistry.of(BulkheadConfig.custom()
                .maxConcurrentCalls(concurrency)
                .maxWaitDuration(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build());
    }

    /** Returns the guard of an entity's inline mirror writes. */
    public MirrorGuard mirror(String entity) {
        String name = "crossfade." + entity + ".mirror";
        return new MirrorGuard(breakers.circuitBreaker(name), bulkheads.bulkhead(name));
    }

    /** Returns the guard of an entity's reads of the modern side while the legacy side decides. */
    public ModernReads modernReads(String entity) {
        ModernReads known = modernReads.get(entity);
        return known != null
                ? known
                : modernReads.computeIfAbsent(
                        entity,
                        name -> new ModernReads(
                                name, breakers.circuitBreaker("crossfade." + name + ".reads"), concurrency));
    }
}
