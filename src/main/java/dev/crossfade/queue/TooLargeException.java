package dev.crossfade.queue;

import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;

/**
 * Rows that take more memory than this process or a server has for them at once. Fewer of them may fit; a single row
 * that does not is {@link FailureClass#POISON}, so that it blocks no other key.
 */
public final class TooLargeException extends SQLException {

    private static final long serialVersionUID = 1;

    /** The message of the server's limit for one value, which has no SQLSTATE of its own; it is not translated. */
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

    /** Returns this exception if a failure says that rows are too large, otherwise the failure itself. */
    public static SQLException of(SQLException failure) {
        return isSaidBy(failure) ? new TooLargeException(failure) : failure;
    }

    /** Returns this exception for memory that this process could not allocate. */
    public static SQLException of(OutOfMemoryError failure) {
        return new TooLargeException(failure);
    }
}
