package dev.crossfade.sample.demo;

/** Makes the modern side fail for some seconds. */
interface Outage {

    /** Begins, waits, and ends the outage; returns when the modern side can be used again. */
    void strike();

    /** Returns what happens, in a few words. */
    String description();
}
