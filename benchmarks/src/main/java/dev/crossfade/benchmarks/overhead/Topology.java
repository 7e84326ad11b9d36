package dev.crossfade.benchmarks.overhead;

/** Where the two schemas are. */
enum Topology {
    /** Both in one database. */
    ONE_DATABASE("one-database"),
    /** Each in a database on a server of its own. */
    TWO_DATABASES("two-databases");

    final String label;

    Topology(String label) {
        this.label = label;
    }
}
