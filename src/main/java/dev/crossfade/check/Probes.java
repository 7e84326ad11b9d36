package dev.crossfade.check;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;

/**
 * Connections to both sides' databases for trial queries.
 *
 * @param legacy to the legacy side's database
 * @param modern to the modern side's; the same object where both sides share a database
 */
record Probes(Probe legacy, Probe modern) implements AutoCloseable {

    /**
     * Takes the connections.
     *
     * @throws dev.crossfade.model.UnavailableException if no connection can be acquired
     */
    static Probes open(Databases databases) {
        Probe legacy = Probe.open(databases.legacy());
        try {
            return new Probes(legacy, databases.areShared() ? legacy : Probe.open(databases.modern()));
        } catch (RuntimeException e) {
            legacy.close();
            throw e;
        }
    }

    /** Returns the connection to the database that has a mapping's table of one side. */
    Probe of(LiveMapping live, Side side) {
        return side == Side.LEGACY || live.inPlace() ? legacy : modern;
    }

    @Override
    public void close() {
        try (legacy) {
            if (modern != legacy) {
                modern.close();
            }
        }
    }
}
