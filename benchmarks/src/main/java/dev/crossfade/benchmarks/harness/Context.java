package dev.crossfade.benchmarks.harness;

import java.util.function.Consumer;

/**
 * How a suite is to be run.
 *
 * @param pace how long, and how often
 * @param progress told what is being done, one line each
 */
public record Context(Pace pace, Consumer<String> progress) {}
