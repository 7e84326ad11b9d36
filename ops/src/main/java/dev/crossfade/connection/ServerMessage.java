package dev.crossfade.connection;

import dev.crossfade.model.PrintableText;
import dev.crossfade.sql.ConnectionUrl;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Condenses a database's message into one line, without its details, which may quote values. */
public final class ServerMessage {

    private ServerMessage() {}

    /** Returns the first line of the server's message, or else the driver's, without severity and full stop. */
    public static String of(Throwable failure) {
        Throwable deepest = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                deepest = cause;
            }
        }
        String message = deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
        String line = PrintableText.of(ConnectionUrl.withoutSecretsIn(
                        message.lines().findFirst().orElse("")))
                .strip()
                .replaceFirst("^(ERROR|FATAL|PANIC): ", "");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
