package dev.crossfade.sample.demo;

import dev.crossfade.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of a demo run.
 *
 * @param rows how many legacy users there are, and as many orders
 * @param writers how many threads use the repositories at once
 * @param topology where the two schemas are
 * @param outage whether the modern side fails for some seconds during the run
 * @param seed the seed of data and traffic
 */
record DemoSettings(int rows, int writers, Topology topology, boolean outage, long seed) {

    static final int FEWEST_ROWS = 1_000;
    static final int MOST_ROWS = 50_000_000;
    static final int MOST_WRITERS = 64;

    /** Refuses invalid settings, with all findings at once. */
    DemoSettings {
        List<String> findings = new ArrayList<>();
        if (rows < FEWEST_ROWS || rows > MOST_ROWS) {
            findings.add("--rows must be from %,d to %,d, not %,d.".formatted(FEWEST_ROWS, MOST_ROWS, rows));
        }
        if (writers < 1 || writers > MOST_WRITERS) {
            findings.add("--writers must be from 1 to %d, not %,d.".formatted(MOST_WRITERS, writers));
        }
        if (!findings.isEmpty()) {
            throw new InvalidInputException(String.join(System.lineSeparator(), findings));
        }
    }
}
