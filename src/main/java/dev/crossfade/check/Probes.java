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
        // The modern one first, as everywhere: two who begin with different ones might wait for each other.
        Probe modern = Probe.open(databases.modern());
        try {
            return new Probes(databases.areShared() ? modern : Probe.open(databases.legacy()), modern);
        } catch (RuntimeException e) {
            modern.close();
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
