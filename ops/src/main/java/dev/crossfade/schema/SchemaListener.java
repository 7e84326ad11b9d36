package dev.crossfade.schema;

import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.sql.SqlStatement;
import java.time.Duration;
import java.util.List;

/**
 * Is told how a run goes on, on the runner's thread, each event before the next thing is done. A method that throws
 * ends the run as a crash would.
 */
public interface SchemaListener {

    /** Returns a listener that ignores everything. */
    static SchemaListener silent() {
        return new SchemaListener() {};
    }

    /** Another runner is at work; this one waits. {@code holder} names its session. Told once a run. */
    default void runnerAwaited(String holder) {}

    /** A contract migration, and all that follow it, are left for a later run: {@code objections} stand against it. */
    default void contractionHeldBack(Migration migration, List<Objection> objections) {}

    /** A migration is reverted although {@code objections} stand against it; they are recorded. */
    default void objectionsOverruled(Migration migration, List<Objection> objections) {}

    /** The first statement is about to run, or the first one after an interruption. */
    default void migrationStarted(Migration migration, MigrationScript script) {}

    /**
     * A statement succeeded. In a transactional script this is before the commit: it may yet be rolled back, and told
     * again by the next attempt.
     *
     * @param done how many of the script's statements have run
     */
    default void statementApplied(Migration migration, SqlStatement statement, int done) {}

    /**
     * A lock was not granted in time; everything since the last commit was rolled back and is tried again after the
     * pause.
     */
    default void lockRetried(Migration migration, int attempt, Duration pause) {}

    /** An index that a failed or interrupted CONCURRENTLY statement had left behind was dropped. */
    default void invalidIndexDropped(Migration migration, String index) {}

    /** The migration and its record are committed. */
    default void migrationApplied(MigrationRun run) {}

    /** The migration is undone and its record deleted, both committed. */
    default void migrationReverted(MigrationRun run) {}
}
