package dev.crossfade.connection;

import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.DatabaseSettings;
import dev.crossfade.sql.SqlState;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with one database and which setting to look at. */
final class ConnectionFailure {

    private final Side side;
    private final DatabaseSettings database;

    ConnectionFailure(Side side, DatabaseSettings database) {
        this.side = side;
        this.database = database;
    }

    UnavailableException explain(SQLException failure) {
        String state = SqlState.of(failure);
        String said = ServerMessage.of(failure);
        String prefix = side == Side.LEGACY ? "db" : "modern.db";
        String variable = side == Side.LEGACY ? "DB" : "MODERN_DB";
        String problem;
        if (SqlState.isLogin(state)) {
            problem =
                    "refused the login of user '%s': %s. Check %s.user, the password (%s_PASSWORD, %s.password), and pg_hba.conf on the server."
                            .formatted(database.user(), said, prefix, variable, prefix);
        } else if (state.equals(SqlState.CONNECTION_REJECTED)
                && database.password().isEmpty()) {
            problem =
                    "asks for a password of user '%s', and none is set. Set %s_PASSWORD, %s.password or %s.password.file, or give --%s-password to be asked."
                            .formatted(database.user(), variable, prefix, prefix, prefix.replace('.', '-'));
        } else if (state.equals(SqlState.UNKNOWN_DATABASE)) {
            problem = "does not exist. Check %s.name, or create it.".formatted(prefix);
        } else if (state.equals(SqlState.INSUFFICIENT_PRIVILEGE)) {
            problem = "refused user '%s': %s. Grant CONNECT on the database.".formatted(database.user(), said);
        } else if (state.startsWith("53") || state.startsWith("57")) {
            problem = "takes no connection at the moment: %s. Try again.".formatted(said);
        } else {
            problem =
                    "cannot be reached: %s. Check %s.host and %s.port, and that the server runs and lets this machine in."
                            .formatted(reason(failure, said), prefix, prefix);
        }
        return new UnavailableException(
                "The %s database at %s %s".formatted(side.label(), database.location(), problem), failure);
    }

    private static String reason(SQLException failure, String said) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ConnectException e -> {
                    return "connection refused";
                }
                case UnknownHostException e -> {
                    return "the host's name is not known";
                }
                case SocketTimeoutException e -> {
                    return "no answer in time";
                }
                default -> {
                    // The next cause may say more.
                }
            }
        }
        return said;
    }
}
