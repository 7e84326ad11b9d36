package dev.crossfade.write;

import java.sql.SQLException;

/**
 * The mirror's part ended the connection, and with it the transaction. That was not committed, so it may be run again
 * on another connection. Says what its cause says.
 */
final class MirrorLostException extends SQLException {

    private static final long serialVersionUID = 1L;

    MirrorLostException(SQLException failure) {
        super(failure.getMessage(), failure.getSQLState(), failure);
    }
}
