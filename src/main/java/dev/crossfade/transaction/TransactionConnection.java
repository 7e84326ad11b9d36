package dev.crossfade.transaction;

import dev.crossfade.model.Side;
import java.sql.Connection;

/** The connection that a transaction runs on. */
public interface TransactionConnection {

    /**
     * Returns the connection for statements on a side.
     *
     * @throws dev.crossfade.model.RefusedException if the transaction runs in the other side's database
     */
    Connection on(Side side);

    /** Tells whether {@link #on} answers for a side. */
    boolean reaches(Side side);

    /** Tells whether nothing can be written in the transaction. */
    boolean isReadOnly();

    /** Makes the owner of the transaction roll it back; no effect if Crossfade is the owner. */
    default void setRollbackOnly() {}
}
