package dev.crossfade.write;

import java.sql.SQLException;

/**
 * The mirror's part ended the connection, and with it the transaction. Nothing was committed, so the transaction may
 * be run again on another connection. The message is that of the cause.
 */
final class MirrorLostException extends SQLException {

    private static final long serialVersionUID = 1L;

    MirrorLostException(SQLException failure) {
        super(failure.getMessage(), failure.getSQLState(), failure);
    }
}
