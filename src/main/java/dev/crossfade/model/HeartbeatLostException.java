package dev.crossfade.model;

/**
 * This instance has missed its heartbeats, so stages may have moved without it. The database refused its write;
 * nothing was written. The instance rejoins by itself: a transaction may be run again at once, which {@code
 * Router.transaction} and single writes have already tried.
 */
public final class HeartbeatLostException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    private final String lease;

    /** Creates it from the database's refusal. */
    public HeartbeatLostException(String entity, String lease, Throwable cause) {
        super(
                "This instance lost its heartbeat, so it may not write %s: other instances may be at a later stage. It rejoins as soon as it can write crossfade.instance in the control database; run the transaction again, and look at `crossfade stage %s` if this lasts."
                        .formatted(entity, entity),
                cause);
        this.lease = lease;
    }

    /** Returns the lease that had ended. */
    public String lease() {
        return lease;
    }
}
