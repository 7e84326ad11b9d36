package dev.crossfade.sql;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What the failure of a mirror write says about what to do next. */
public enum FailureClass {
    /** The mirror cannot be used at the moment: the write waits, no attempt is spent. */
    OUTAGE,
    /** A row that this one refers to is not there yet: the write waits for it, no attempt is spent. */
    WAITS_FOR_PARENT,
    /**
     * Others refer to the mirror row, which therefore cannot go or change: their own deletion may be on its way, so it
     * is tried again soon. After a while each refusal spends an attempt, and the key is parked in the end.
     */
    REFERENCED,
    /** The row itself does not fit: it is tried again with growing pauses and parked in the end. */
    POISON;

    /**
     * Classes of SQLSTATE that say something about the server, the session or the schema rather than the row: no
     * connection, wrong state or login, conflict with another transaction, wrong statement or privilege, lack of
     * resources, lock or statement timeout, failure of the machine or the server itself.
     */
    private static final Set<String> OUTAGES = Set.of(
            "08", "0A", "25", "26", "28", "2D", "3B", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "HV", "XX");

    /**
     * Classifies an exception by the SQLSTATE of the deepest {@link SQLException} that has one. One that broke a
     * foreign key waits for its parent, unless it is known to be refused because others refer to it.
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
