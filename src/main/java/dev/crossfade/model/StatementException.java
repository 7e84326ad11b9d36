package dev.crossfade.model;

import java.sql.SQLException;

/** A statement that a caller asked for failed in the database; the caller's transaction must be rolled back. */
public class StatementException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    private final String sqlState;

    /**
     * Wraps {@code cause}; {@code what} names the operation and the entity. Only the first line of the server's
     * message is used: the others quote the row and stay in the cause.
     */
    public StatementException(String what, SQLException cause) {
        super("%s failed (SQLSTATE %s): %s".formatted(what, cause.getSQLState(), firstLine(cause)), cause);
        this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
    }

    /** Returns the five-character SQLSTATE, empty if the driver gave none. */
    public String sqlState() {
        return sqlState;
    }

    private static String firstLine(SQLException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
