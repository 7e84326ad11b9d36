package dev.crossfade.benchmarks.harness;

import java.util.SplittableRandom;

/** One call, which is measured. Many callers run it at a time. */
@FunctionalInterface
public interface Operation {

    /**
     * Makes the call once.
     *
     * @param random the caller's own random numbers for keys and values
     * @throws Exception ends the suite
     */
    void run(SplittableRandom random) throws Exception;
}
