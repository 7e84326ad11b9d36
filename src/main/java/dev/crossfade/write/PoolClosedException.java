package dev.crossfade.write;

import java.sql.SQLException;

/**
 * The mirror's part failed, and a pool that does not expose the driver's connection closed its own because of it. The
 * transaction was not committed, so it may be run again on another connection.
 */
final class PoolClosedException extends SQLException {

    private static final long serialVersionUID = 1L;

    PoolClosedException(String entity, Throwable failure) {
        super(
                "The mirror of %s failed, and the pool closed the connection of the transaction because of that. Use a pool whose connections unwrap to the driver's, or tell it to keep connections at this SQLSTATE."
                        .formatted(entity),
                failure);
    }
}
