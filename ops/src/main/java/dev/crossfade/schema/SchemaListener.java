package dev.crossfade.schema;

import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.sql.SqlStatement;
import java.time.Duration;
import java.util.List;

/**
 * Hears about the progress of a run, on the runner's thread; the run waits for each call. A method that throws ends
 * the run as a crash would.
 */
public interface SchemaListener {

    /** Returns a listener that ignores everything. */
    static SchemaListener silent() {
        return new SchemaListener() {};
    }

    /** Another runner is running, and this one waits; {@code holder} names its session. Called once per run. */
    default void runnerAwaited(String holder) {}

    /** A contract migration and all that follow it are left for a later run, because of {@code objections}. */
    default void contractionHeldBack(Migration migration, List<Objection> objections) {}

    /** A migration is reverted in spite of {@code objections}, which are recorded. */
    default void objectionsOverruled(Migration migration, List<Objection> objections) {}

    /** The first statement is about to run, or the first one after an interruption. */
    default void migrationStarted(Migration migration, MigrationScript script) {}

    /**
     * A statement succeeded. In a transactional script this is before the commit, so it may be rolled back, and
     * reported again by the next attempt.
     *
     * @param done how many of the script's statements have run
     */
    default void statementApplied(Migration migration, SqlStatement statement, int done) {}

    /**
     * A lock was not granted in time. Everything since the last commit was rolled back, and is retried after the
     * pause.
     */
    default void lockRetried(Migration migration, int attempt, Duration pause) {}

    /** An index left by a failed or interrupted CONCURRENTLY statement was dropped. */
    default void invalidIndexDropped(Migration migration, String index) {}

    /** The migration and its record are committed. */
    default void migrationApplied(MigrationRun run) {}

    /** The migration is reverted and its record deleted, both committed. */
    default void migrationReverted(MigrationRun run) {}
}
