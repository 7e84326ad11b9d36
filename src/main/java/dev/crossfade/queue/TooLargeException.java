package dev.crossfade.queue;

import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;

/**
 * Rows that take more memory than this process or a server has for them at once. Fewer of them may go; one alone that
 * does not is {@link FailureClass#POISON}, so that it holds up no other key.
 */
public final class TooLargeException extends SQLException {

    private static final long serialVersionUID = 1;

    /** The server's limit for one value, for which it has no SQLSTATE of its own; the message is not translated. */
    private static final String ALLOCATION = "invalid memory alloc request size";

    private TooLargeException(Throwable failure) {
        super("the row takes more memory than there is: " + ServerMessage.of(failure), SqlState.PROGRAM_LIMIT_EXCEEDED);
        addSuppressed(failure);
    }

    /** Tells whether a failure says that rows are too large. */
    public static boolean isSaidBy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError
                    || (cause instanceof SQLException sql
                            && (SqlState.OUT_OF_MEMORY.equals(sql.getSQLState()) || saysAllocation(sql)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysAllocation(SQLException failure) {
        return failure.getMessage() != null && failure.getMessage().contains(ALLOCATION);
    }

    /** Returns this where a failure says that rows are too large, and else the failure. */
    public static SQLException of(SQLException failure) {
        return isSaidBy(failure) ? new TooLargeException(failure) : failure;
    }

    /** Returns this for memory that this process could not have. */
    public static SQLException of(OutOfMemoryError failure) {
        return new TooLargeException(failure);
    }
}
