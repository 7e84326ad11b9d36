package dev.crossfade.schema;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.schema.file.MigrationScript;
import java.nio.file.Path;

/** A statement of a migration failed. The message says where, why, what remains of the migration and how to proceed. */
public class MigrationFailedException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final int line;
    private final String sqlState;

    MigrationFailedException(MigrationScript script, StatementFailure failure, String consequence) {
        super(
                "%s:%s failed (SQLSTATE %s): %s %s"
                        .formatted(
                                script.name(), failure.line(), failure.sqlState(), failure.explanation(), consequence),
                failure);
        this.file = script.file();
        this.line = failure.line();
        this.sqlState = failure.sqlState();
    }

    /** Returns the file that holds the statement. */
    public Path file() {
        return file;
    }

    /** Returns the line of the error, or of the statement if the server gave no position. */
    public int line() {
        return line;
    }

    /** Returns the five-character SQLSTATE, empty if there was none. */
    public String sqlState() {
        return sqlState;
    }
}
