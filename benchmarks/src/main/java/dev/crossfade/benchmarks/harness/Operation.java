package dev.crossfade.benchmarks.harness;

import java.util.SplittableRandom;

/** What is measured: one call. Run by many callers at a time. */
@FunctionalInterface
public interface Operation {

    /**
     * Does it once.
     *
     * @param random the caller's own source of keys and values
     * @throws Exception ends the suite
     */
    void run(SplittableRandom random) throws Exception;
}
