package dev.crossfade.sample.demo;

/**
 * Something that a client of the service does.
 *
 * @param weight how often, in relation to the others
 * @param name what it is called in the report
 * @param action does it
 */
record Operation(int weight, String name, Runnable action) {}
