package dev.crossfade.queue;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;

/** What the failure of a mirror write says about what to do next. */
public enum FailureClass {
    /** The mirror cannot be used at the moment: the write waits, no attempt is spent. */
    OUTAGE,
    /** A row that this one refers to is not there yet: the write waits for it, no attempt is spent. */
    WAITS_FOR_PARENT,
    /** The row itself does not fit: it is tried again with growing pauses and parked in the end. */
    POISON;

    /** Classifies an exception by the SQLSTATE of the deepest {@link SQLException} that has one. */
    public static FailureClass of(Throwable failure) {
        String state = sqlState(failure);
        if (state.equals("23503")) {
            return WAITS_FOR_PARENT;
        }
        if (state.startsWith("22") || state.startsWith("23") || state.startsWith("P0")) {
            return POISON;
        }
        return OUTAGE;
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
