package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.OrderRepository;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Orders whose amount all writers count up, and nothing else changes. Each answered update counts once, so an update
 * that is lost on both sides shows. Thread-safe.
 */
final class Counters {

    private final Map<Long, BigDecimal> start = new TreeMap<>();
    private final Map<Long, AtomicLong> counted = new ConcurrentHashMap<>();
    private final Set<Long> unclear = ConcurrentHashMap.newKeySet();

    /** Reads the initial values. Call it before anyone counts. */
    Counters(OrderRepository orders) {
        for (long number = 1; number <= Group.COUNTED; number++) {
            Group group = new Group(number);
            for (int which = 0; which < 2; which++) {
                Order order = orders.find(group.order(which)).orElseThrow();
                start.put(order.purchaseId(), order.amount());
                counted.put(order.purchaseId(), new AtomicLong());
            }
        }
    }

    /** One was added to an order's amount. */
    void countedUp(long order) {
        counted.getOrDefault(order, new AtomicLong()).incrementAndGet();
    }

    /** One may have been added to an order's amount. */
    void unclear(long order) {
        unclear.add(order);
    }

    /** Returns what the amounts must be, without those that are unclear. */
    Map<Long, BigDecimal> expected() {
        Map<Long, BigDecimal> expected = new TreeMap<>();
        start.forEach((order, amount) -> {
            if (!unclear.contains(order)) {
                AtomicLong added = counted.getOrDefault(order, new AtomicLong());
                expected.put(order, amount.add(BigDecimal.valueOf(added.get())));
            }
        });
        return expected;
    }
}
