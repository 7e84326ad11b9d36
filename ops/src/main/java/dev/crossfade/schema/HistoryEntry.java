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
 * @param checksum of the whole up file when {@code DONE}; otherwise of the running script's statements that are done,
 *     so that the rest may still be corrected
 * @param executedAt when the row was last written; empty for the database's time
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

    /** The record of a migration whose script has run its first {@code done} statements. */
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

    /** Tells whether a script still begins with those of its statements that have run. */
    boolean continuesWith(MigrationScript script) {
        return statementsDone <= script.statements().size()
                && script.checksumOfFirst(statementsDone).equals(checksum);
    }
}
