package dev.crossfade.benchmarks.harness;

import java.util.function.Consumer;

/**
 * How to run a suite.
 *
 * @param pace how long, and how often
 * @param progress receives one line for each activity
 */
public record Context(Pace pace, Consumer<String> progress) {}
