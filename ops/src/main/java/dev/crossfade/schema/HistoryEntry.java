package dev.crossfade.schema;

import dev.crossfade.model.Side;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A migration's row in {@code schema_migrations}.
 *
 * @param checksum of the whole up file when {@code DONE}; of the statements done so far of the script that is being run
 *     otherwise, so that what has not run yet may still be corrected
 * @param executedAt when the row was last written; empty lets the database say it
 * @param duration how long the run took, empty while it has not ended
 */
public record HistoryEntry(
        MigrationVersion version,
        String description,
        Side side,
        Phase phase,
        String checksum,
        Progress progress,
        int statementsDone,
        Optional<Instant> executedAt,
        Optional<Duration> duration) {

    /** The record of a finished migration. */
    static HistoryEntry applied(Migration migration, Side side, Duration duration) {
        return of(
                migration,
                side,
                migration.up().checksum(),
                Progress.DONE,
                migration.up().statements().size(),
                Optional.of(duration));
    }

    /** The record of a migration of whose script the first {@code done} statements have run. */
    static HistoryEntry partial(ScriptRun run, Progress progress, int done) {
        return of(run.migration(), run.side(), run.script().checksumOfFirst(done), progress, done, Optional.empty());
    }

    private static HistoryEntry of(
            Migration migration, Side side, String checksum, Progress progress, int done, Optional<Duration> duration) {
        return new HistoryEntry(
                migration.version(),
                migration.description(),
                side,
                migration.phase(),
                checksum,
                progress,
                done,
                Optional.empty(),
                duration);
    }

    /** Tells whether a script still begins with the statements of it that have run. */
    boolean continuesWith(MigrationScript script) {
        return statementsDone <= script.statements().size()
                && script.checksumOfFirst(statementsDone).equals(checksum);
    }
}
