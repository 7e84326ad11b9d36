package dev.crossfade.schema;

import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.SqlStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A statement failed. The caller, who knows what that means for the migration, turns it into a message for people. */
final class StatementFailure extends Exception {

    private static final long serialVersionUID = 1L;
    private final int line;
    private final SQLException failure;

    private StatementFailure(int line, SQLException cause) {
        super(cause);
        this.line = line;
        this.failure = cause;
    }

    static StatementFailure of(SqlStatement statement, SQLException cause) {
        int position = serverMessage(cause).map(ServerErrorMessage::getPosition).orElse(0);
        int end = Math.clamp(position - 1L, 0, statement.text().length());
        long breaks = statement
                .text()
                .substring(0, end)
                .chars()
                .filter(c -> c == '\n')
                .count();
        return new StatementFailure(statement.line() + (int) breaks, cause);
    }

    /** A failure between or after statements, such as that of the commit. */
    static StatementFailure after(MigrationScript script, SQLException cause) {
        return new StatementFailure(
                script.statements().isEmpty()
                        ? 1
                        : script.statements().getLast().line(),
                cause);
    }

    int line() {
        return line;
    }

    String sqlState() {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }

    boolean isLockTimeout() {
        return sqlState().equals(SqlState.LOCK_NOT_AVAILABLE);
    }

    /** Tells whether the server has ended the session because the process was paused. */
    boolean isOfStandstill() {
        return sqlState().equals(SqlState.IDLE_IN_TRANSACTION_TIMEOUT);
    }

    /** Returns the server's message and hint. Its detail is left out, because it quotes rows. */
    String explanation() {
        Optional<ServerErrorMessage> server = serverMessage(failure);
        String message = sentence(server.map(ServerErrorMessage::getMessage).orElse(failure.getMessage()));
        return server.map(ServerErrorMessage::getHint)
                .map(hint -> message + " " + sentence(hint))
                .orElse(message);
    }

    private static String sentence(@Nullable String text) {
        String stripped = text == null ? "The server gave no message" : text.strip();
        return stripped.endsWith(".") ? stripped : stripped + ".";
    }

    private static Optional<ServerErrorMessage> serverMessage(SQLException cause) {
        return cause instanceof PSQLException server
                ? Optional.ofNullable(server.getServerErrorMessage())
                : Optional.empty();
    }
}
