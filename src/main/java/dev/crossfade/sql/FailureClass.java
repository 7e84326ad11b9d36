package dev.crossfade.sql;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What to do next after a failed mirror write. */
public enum FailureClass {
    /** The mirror cannot be used at the moment: the write waits, no attempt is spent. */
    OUTAGE,
    /** A row that this one refers to does not exist yet: the write waits for it, no attempt is spent. */
    WAITS_FOR_PARENT,
    /**
     * Others refer to the mirror row, which therefore cannot be deleted or changed: their own deletion may be on its
     * way, so it is retried soon. After a while each refusal spends an attempt, and finally the key is parked.
     */
    REFERENCED,
    /** The mirror refuses the row itself: it is retried with growing pauses and finally parked. */
    POISON;

    /**
     * SQLSTATE classes about the server, the session or the schema rather than the row: no connection, wrong state or
     * login, conflict with another transaction, wrong statement or privilege, lack of resources, lock or statement
     * timeout, failure of the machine or the server itself.
     */
    private static final Set<String> OUTAGES = Set.of(
            "08", "0A", "25", "26", "28", "2D", "3B", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "HV", "XX");

    /**
     * Classifies an exception by the SQLSTATE of the deepest {@link SQLException} that has one. A broken foreign key
     * means waiting for the parent, unless the row is known to be refused because others refer to it.
     */
    public static FailureClass of(Throwable failure) {
        String state = sqlState(failure);
        if (state.equals(SqlState.FOREIGN_KEY_VIOLATION)) {
            return WAITS_FOR_PARENT;
        }
        if (state.equals(SqlState.RESTRICT_VIOLATION)) {
            return REFERENCED;
        }
        boolean ofAValue = state.equals(SqlState.SYNTAX_ERROR) && ServerMessage.isOfAValue(failure);
        if (ofAValue || ServerMessage.isUnconvertible(failure)) {
            return POISON;
        }
        return state.length() < 5 || OUTAGES.contains(state.substring(0, 2)) ? OUTAGE : POISON;
    }

    /** Returns the SQLSTATE of the deepest {@link SQLException} that has one, empty if none has. */
    public static String sqlState(Throwable failure) {
        String state = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && !(cause instanceof SQLTimeoutException)) {
                state = sql.getSQLState();
            }
        }
        return state;
    }
}
