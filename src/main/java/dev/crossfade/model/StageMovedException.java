package dev.crossfade.model;

/**
 * The authority of an entity moved while a transaction that had not yet written it was open; the transaction must be
 * rolled back and may be run again at once. {@code Router.transaction} does so by itself.
 */
public final class StageMovedException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    private final String entity;
    private final long epoch;

    /** Creates it from the database's refusal. */
    public StageMovedException(String entity, long epoch, Throwable cause) {
        super(
                "The authority of " + entity
                        + " moved to the other side while this transaction was open. Run it again.",
                cause);
        this.entity = entity;
        this.epoch = epoch;
    }

    /** Returns the entity whose authority moved. */
    public String entity() {
        return entity;
    }

    /** Returns the epoch under which the transaction had begun. */
    public long epoch() {
        return epoch;
    }
}
