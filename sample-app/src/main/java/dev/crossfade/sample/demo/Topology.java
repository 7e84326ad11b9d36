package dev.crossfade.sample.demo;

import java.util.Locale;

/** Where the two schemas are. */
enum Topology {
    /** Both in one database. */
    ONE_DATABASE,
    /** Each on a server of its own. */
    TWO_DATABASES;

    /** Returns the word used on the command line and in the report. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
