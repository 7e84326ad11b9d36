package dev.crossfade.queue;

import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;

/**
 * An exception that no server and no rule of ours has raised, on the way of a key or a row: a mistake in the code that
 * an odd value brings out. It counts as {@link FailureClass#POISON}, so that it holds up no other key. Its message
 * tells class and place and not what the exception says, which may quote the value.
 *
 * <p>Of errors, {@link StackOverflowError} and {@link AssertionError} are of this kind. All others, such as {@link
 * OutOfMemoryError} and {@link LinkageError}, say something about the process, whatever the key: they are nobody's
 * poison.
 */
public final class UnexpectedException extends SQLException {

    private static final long serialVersionUID = 1;

    private static final String OURS = "dev.crossfade.";

    private UnexpectedException(String message, Throwable failure) {
        super(message, SqlState.UNEXPECTED);
        // Not as the cause, whose message would be told.
        addSuppressed(failure);
    }

    /**
     * Returns this for a failure that was not expected; where it wraps an {@link SQLException} returns that one, as it
     * says what it would have said by itself.
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
