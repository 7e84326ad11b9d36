package dev.crossfade.benchmarks.accounts;

/** The record that is saved and found, in the modern shape. */
public record Account(long id, String email, String fullName) {}
