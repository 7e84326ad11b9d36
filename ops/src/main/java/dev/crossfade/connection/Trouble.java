package dev.crossfade.connection;

import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.Settings;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Explains database failures in the middle of a command, where it is no longer known which database failed. */
public final class Trouble {

    private Trouble() {}

    /** Returns the database failure among an exception's causes, empty if there is none. */
    public static Optional<SQLException> beneath(Throwable failure) {
        SQLException deepest = null;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                deepest = found;
            }
        }
        return Optional.ofNullable(deepest);
    }

    /** Tells whether waiting may help: the server is down, starting, stopping or full. */
    public static boolean mayPass(Throwable failure) {
        String state = beneath(failure).map(SQLException::getSQLState).orElse("");
        return SqlState.isOutage(state);
    }

    /** Turns a failure into a message that says what to do. */
    public static UnavailableException explain(SQLException failure, Settings settings) {
        String state = SqlState.of(failure);
        String said = ServerMessage.of(failure);
        String where = where(settings);
        if (state.equals(SqlState.INSUFFICIENT_PRIVILEGE)) {
            return new UnavailableException(
                    "A privilege is missing in %s: %s. Grant it, or log in as a user that has it."
                            .formatted(where, said),
                    failure);
        }
        if (mayPass(failure)) {
            return new UnavailableException(
                    "The connection to %s was lost: %s. Look whether the server runs, then give the command again."
                            .formatted(where, said),
                    failure);
        }
        return new UnavailableException(
                "A statement failed in %s (SQLSTATE %s): %s.".formatted(where, state, said), failure);
    }

    /** Returns the databases and users that the settings name, for messages. */
    public static String where(Settings settings) {
        return settings.modern()
                .map(modern -> settings.legacy() + " or " + modern)
                .orElseGet(() -> settings.legacy().toString());
    }
}
