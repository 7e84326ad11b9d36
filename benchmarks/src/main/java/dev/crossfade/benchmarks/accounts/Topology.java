package dev.crossfade.benchmarks.accounts;

/** Where the two schemas are. */
public enum Topology {
    /** Both in one database. */
    ONE_DATABASE("one-database"),
    /** Each in a database on a server of its own. */
    TWO_DATABASES("two-databases");

    private final String label;

    Topology(String label) {
        this.label = label;
    }

    /** Returns the words with which the names of rows begin. */
    public String label() {
        return label;
    }
}
