package dev.crossfade.testing;

/** Where the two schemas are. */
public enum Topology {
    ONE_DATABASE,
    TWO_DATABASES
}
