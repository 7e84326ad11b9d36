package dev.crossfade.stages;

/**
 * How long this instance may write without a heartbeat, by the control database's clock. The fleet counts an instance
 * as gone only after its lease has ended, and the database refuses writes under an ended lease: a paused process
 * cannot write under a stage that the others have left. Heartbeats in time renew it; after a gap there is a new
 * lease, and snapshots from before the gap keep the ended one.
 */
final class Lease {

    private volatile String until;

    Lease(String until) {
        this.until = until;
    }

    /** Returns the end of the lease, in seconds since 1970. */
    String until() {
        return until;
    }

    void renew(String end) {
        until = end;
    }
}
