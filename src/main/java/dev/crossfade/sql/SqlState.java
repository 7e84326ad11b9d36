package dev.crossfade.sql;

import java.sql.SQLException;
import java.util.Set;

/**
 * The SQLSTATEs that Crossfade distinguishes, each named once, after the condition's name in PostgreSQL's appendix of
 * error codes. Those of class {@code CF} are Crossfade's own, raised within a statement. {@link FailureClass} says
 * what a state means for a mirror write.
 */
public final class SqlState {

    // Connections and logins.
    public static final String UNABLE_TO_CONNECT = "08001";
    /** Also reported by the driver if the server asks for a password and none is given. */
    public static final String CONNECTION_REJECTED = "08004";

    public static final String INVALID_AUTHORIZATION = "28000";
    public static final String INVALID_PASSWORD = "28P01";
    public static final String UNKNOWN_DATABASE = "3D000";
    /** A pooler in transaction mode has handed out another session. */
    public static final String UNKNOWN_PREPARED_STATEMENT = "26000";
    /** A pooler in transaction mode has handed out another session. */
    public static final String DUPLICATE_PREPARED_STATEMENT = "42P05";

    // Conflicts with others, and timeouts.
    public static final String SERIALIZATION_FAILURE = "40001";
    public static final String DEADLOCK_DETECTED = "40P01";
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    /** Canceled by {@code statement_timeout} or by somebody. */
    public static final String QUERY_CANCELED = "57014";

    public static final String IDLE_IN_TRANSACTION_TIMEOUT = "25P03";

    // What a row does not fit, or a value its type or the database's encoding.
    public static final String INTEGRITY_VIOLATION = "23000";
    public static final String RESTRICT_VIOLATION = "23001";
    public static final String NOT_NULL_VIOLATION = "23502";
    public static final String FOREIGN_KEY_VIOLATION = "23503";
    public static final String UNIQUE_VIOLATION = "23505";
    public static final String CHECK_VIOLATION = "23514";
    public static final String EXCLUSION_VIOLATION = "23P01";

    // What a server lacks, forbids or cannot handle.
    public static final String FEATURE_NOT_SUPPORTED = "0A000";
    public static final String READ_ONLY = "25006";
    public static final String UNKNOWN_SCHEMA = "3F000";
    public static final String INSUFFICIENT_PRIVILEGE = "42501";
    public static final String SYNTAX_ERROR = "42601";
    public static final String UNDEFINED_COLUMN = "42703";
    public static final String UNDEFINED_OBJECT = "42704";
    public static final String GROUPING_ERROR = "42803";
    public static final String UNDEFINED_FUNCTION = "42883";
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String WINDOWING_ERROR = "42P20";
    public static final String OUT_OF_MEMORY = "53200";
    public static final String PROGRAM_LIMIT_EXCEEDED = "54000";
    public static final String NOT_IN_PREREQUISITE_STATE = "55000";

    // Crossfade's own.
    /** The entity has moved to another stage since the writer looked. */
    public static final String STAGE_MOVED = "CF001";
    /** The mirror's part of a statement failed, and was left out. */
    public static final String MIRROR_ISOLATED = "CF002";
    /** The instance's heartbeat is too old for it to write. */
    public static final String HEARTBEAT_LOST = "CF003";
    /** A noted key is not a value of the key's type. */
    public static final String UNREADABLE_KEY = "CF004";
    /** An exception that no server raised. */
    public static final String UNEXPECTED = "CF005";
    /** The stored value differs from the given one, and the policy refuses that. */
    public static final String GIVEN_REFUSED = "CF006";
    /** Both sides cannot be written by one statement. */
    public static final String NOT_TOGETHER = "CF007";

    private static final Set<String> CONFLICTS = Set.of(SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE);
    private static final Set<String> LOGINS = Set.of(INVALID_AUTHORIZATION, INVALID_PASSWORD);

    private SqlState() {}

    /** Returns an exception's SQLSTATE, empty if it has none. */
    public static String of(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    /** Tells whether the failure is a conflict with another transaction, so that a retry may succeed. */
    public static boolean isConflict(String state) {
        return CONFLICTS.contains(state);
    }

    /** Tells whether the server refused the user or the password. */
    public static boolean isLogin(String state) {
        return LOGINS.contains(state);
    }

    /** Tells whether the value of an expression or a row is at fault: class 22. */
    public static boolean isDataException(String state) {
        return state.startsWith("22");
    }

    /**
     * Tells whether the server cannot be used at the moment, so that waiting may help: no connection, no resources,
     * starting or stopping. A rejected connection and a cancelled statement do not count.
     */
    public static boolean isOutage(String state) {
        return (state.startsWith("08") && !state.equals(CONNECTION_REJECTED))
                || state.startsWith("53")
                || (state.startsWith("57") && !state.equals(QUERY_CANCELED));
    }
}
