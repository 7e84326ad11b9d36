package dev.crossfade.benchmarks.accounts;

/** The record that suites save and find, in the modern shape. */
public record Account(long id, String email, String fullName) {}
