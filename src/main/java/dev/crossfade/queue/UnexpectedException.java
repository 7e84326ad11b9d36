package dev.crossfade.queue;

import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;

/**
 * An unexpected exception while a key or row is processed: a bug that an unusual value triggers. It counts as {@link
 * FailureClass#POISON}, so that it blocks no other key. Its message names class and place of the exception but not
 * its text, which may quote the value.
 *
 * <p>Of errors, only {@link StackOverflowError} and {@link AssertionError} count. All others, such as {@link
 * OutOfMemoryError} and {@link LinkageError}, concern the process whatever the key, so they make no key poison.
 */
public final class UnexpectedException extends SQLException {

    private static final long serialVersionUID = 1;

    private static final String OURS = "dev.crossfade.";

    private UnexpectedException(String message, Throwable failure) {
        super(message, SqlState.UNEXPECTED);
        // Not as the cause: its message would be reported.
        addSuppressed(failure);
    }

    /**
     * Wraps an unexpected failure; if that wraps an {@link SQLException}, returns the latter, whose SQLSTATE says
     * more.
     */
    public static SQLException of(Throwable failure) {
        SQLException said = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && (said == null || sql.getSQLState() != null)) {
                said = sql;
            }
        }
        return said == null ? new UnexpectedException(describe(failure), failure) : said;
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getName());
        StackTraceElement[] stack = failure.getStackTrace();
        if (stack.length > 0) {
            text.append(" at ").append(stack[0]);
        }
        for (int i = 0; i < stack.length; i++) {
            if (stack[i].getClassName().startsWith(OURS)) {
                return i == 0
                        ? text.toString()
                        : text.append(", called from ").append(stack[i]).toString();
            }
        }
        return text.toString();
    }
}
