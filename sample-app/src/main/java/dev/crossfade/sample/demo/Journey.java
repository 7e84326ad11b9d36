package dev.crossfade.sample.demo;

import dev.crossfade.model.Stage;
import java.util.ArrayList;
import java.util.List;

/** Records when each stage was entered and how many operations had been done by then. Thread-safe. */
final class Journey {

    private final long start;
    private final Ledger ledger;
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Stage stage, long millis, long operations) {}

    /**
     * Starts a journey.
     *
     * @param start the run's start, by {@link System#nanoTime}
     */
    Journey(long start, Ledger ledger) {
        this.start = start;
        this.ledger = ledger;
    }

    /** The entities are at a stage from now on. */
    synchronized void entered(Stage stage) {
        entries.add(new Entry(stage, millis(), ledger.operations()));
    }

    /** Returns the stage that was entered last. */
    synchronized String current() {
        return entries.isEmpty() ? "loading" : entries.getLast().stage().label();
    }

    /** Returns the milliseconds since the start. */
    long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }

    synchronized List<Report.StageVisit> visits() {
        List<Report.StageVisit> visits = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            long end = i + 1 < entries.size() ? entries.get(i + 1).operations() : ledger.operations();
            Entry entry = entries.get(i);
            visits.add(new Report.StageVisit(entry.stage().label(), entry.millis(), end - entry.operations()));
        }
        return visits;
    }
}
