package dev.crossfade.benchmarks.overhead;

/** The record that is saved and found, in the modern shape. */
record Account(long id, String email, String fullName) {}
