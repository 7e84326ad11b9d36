package dev.crossfade.stages;

/**
 * Until when this instance may write without being heard of, by the control database's clock. The fleet counts an
 * instance as gone only after its lease has ended, and the database refuses writes under a lease that has: a process
 * that was stopped for a while cannot write under a stage that the others have left. Renewed as long as heartbeats
 * follow each other in time; after a gap there is another lease, and snapshots of before the gap keep the ended one.
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
