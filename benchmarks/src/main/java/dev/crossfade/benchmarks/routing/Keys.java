package dev.crossfade.benchmarks.routing;

import java.util.SplittableRandom;

/** Keys that are created in advance, so that their boxing is not measured. For one thread. */
final class Keys {

    private static final int COUNT = 1024;

    private final Long[] keys = new Long[COUNT];
    private int next;

    Keys() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < COUNT; i++) {
            keys[i] = random.nextLong(1, 1_000_000_000);
        }
    }

    Long next() {
        next = (next + 1) & (COUNT - 1);
        return keys[next];
    }
}
