package dev.crossfade.sample.demo;

/**
 * An operation of a client of the service.
 *
 * @param weight how often it happens, relative to the others
 * @param name its name in the report
 * @param action the operation itself
 */
record Operation(int weight, String name, Runnable action) {}
