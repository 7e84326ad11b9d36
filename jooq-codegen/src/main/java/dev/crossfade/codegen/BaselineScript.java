package dev.crossfade.codegen;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A script of the service's own tools, such as a dump of the legacy schema. */
final class BaselineScript {

    /** The only psql commands in a schema dump. They matter to psql only. */
    private static final Pattern DUMP_GUARD = Pattern.compile("(?m)^\\\\(un)?restrict\\b.*$");

    private final Path file;

    BaselineScript(Path file) {
        this.file = file;
    }

    /**
     * Runs the script, each statement in its own transaction unless the script says otherwise.
     *
     * @throws InvalidInputException if it cannot be read, or a statement fails
     */
    void run(DataSource database) {
        String script = DUMP_GUARD.matcher(read()).replaceAll("");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (SqlStatement one : SqlScanner.split(script)) {
                try {
                    statement.execute(one.text());
                } catch (SQLException e) {
                    throw failed(one, e);
                }
            }
        } catch (SQLException e) {
            throw new InvalidInputException("%s could not be run: %s".formatted(file, e.getMessage()), e);
        }
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidInputException("%s cannot be read: %s".formatted(file, e), e);
        }
    }

    private InvalidInputException failed(SqlStatement statement, SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        int position = 0;
        if (cause instanceof PSQLException failure
                && failure.getServerErrorMessage() instanceof ServerErrorMessage said) {
            message = String.valueOf(said.getMessage());
            position = said.getPosition();
        }
        int end = Math.clamp(position - 1L, 0, statement.text().length());
        long line = statement.line()
                + statement
                        .text()
                        .substring(0, end)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new InvalidInputException(
                ("%s:%s failed (SQLSTATE %s): %s. The scripts are run on an empty PostgreSQL, in their order, before the "
                                + "migrations; correct the script, or name those that come before it.")
                        .formatted(file, line, cause.getSQLState(), message),
                cause);
    }
}
