package dev.crossfade.schema;

import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.file.IndexChange;
import dev.crossfade.schema.file.StatementShape;
import dev.crossfade.sql.SqlStatement;
import dev.crossfade.time.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.exception.DataAccessException;

/**
 * Runs one script in one session.
 *
 * <p>Where the statements allow it, everything runs in one transaction together with the record. Otherwise each
 * statement is recorded when it is done, in its own transaction if it can run in one, and the next run resumes after
 * the last recorded statement. The record then says of the following statement whether it failed, or whether the run
 * was cut off and nobody knows.
 */
final class ScriptExecution {

    private final ScriptRun run;
    private final ScriptSession session;
    private final ContractionRecord contraction;
    private final SchemaSettings settings;
    private final SchemaListener listener;
    private final long start = System.nanoTime();

    /** How many statements are committed. */
    private int done;

    ScriptExecution(
            ScriptRun run,
            ScriptSession session,
            ContractionRecord contraction,
            SchemaSettings settings,
            SchemaListener listener) {
        this.run = run;
        this.session = session;
        this.contraction = contraction;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs what is left of the script.
     *
     * @throws MigrationFailedException if a statement fails
     * @throws RefusedException if another session builds an index that the script is to build
     */
    MigrationRun execute() {
        listener.migrationStarted(run.migration(), run.script());
        try {
            if (run.script().isTransactional() && !run.isResumed()) {
                inOneTransaction();
            } else {
                stepByStep();
            }
        } catch (StatementFailure e) {
            throw new MigrationFailedException(
                    run.script(), e, e.isOfStandstill() ? standstill() : lockHint(e) + consequence());
        }
        return new MigrationRun(run.migration(), run.isResumed(), elapsed());
    }

    private void inOneTransaction() throws StatementFailure {
        retryLocks(() -> {
            session.limitLockWaits(settings.lockTimeout(), true);
            begin();
            int applied = 0;
            for (SqlStatement statement : run.script().statements()) {
                session.run(statement);
                applied++;
                listener.statementApplied(run.migration(), statement, applied);
            }
            session.record(this::finish);
        });
    }

    private void stepByStep() throws StatementFailure {
        List<SqlStatement> statements = run.script().statements();
        done = run.alreadyDone();
        boolean uncertain = run.isNextUncertain();
        session.limitLockWaits(settings.lockTimeout(), false);
        for (SqlStatement statement : statements.subList(0, done)) {
            if (StatementShape.of(statement).isSessionSetting()) {
                session.run(statement);
            }
        }
        session.inTransaction(() -> {
            begin();
            save(run.direction().running(), done);
        });
        while (done < statements.size()) {
            step(statements.get(done), uncertain);
            uncertain = false;
        }
        session.inTransaction(() -> session.record(this::finish));
    }

    private void step(SqlStatement statement, boolean uncertain) throws StatementFailure {
        try {
            StatementShape shape = StatementShape.of(statement);
            if (shape.isStandalone()) {
                standalone(statement, shape.indexChange(), uncertain);
                note(run.direction().running(), done + 1);
            } else {
                retryLocks(() -> {
                    session.run(statement);
                    session.record(history -> history.save(
                            HistoryEntry.partial(run, run.direction().running(), done + 1)));
                });
            }
        } catch (StatementFailure e) {
            noteFailure(e);
            throw e;
        } catch (RefusedException e) {
            if (!uncertain) {
                noteFailure(e);
            }
            throw e;
        }
        done++;
        listener.statementApplied(run.migration(), statement, done);
    }

    private void standalone(SqlStatement statement, Optional<IndexChange> change, boolean uncertain)
            throws StatementFailure {
        if (change.isPresent()) {
            new ConcurrentStatement(
                            statement,
                            change.get(),
                            session,
                            index -> listener.invalidIndexDropped(run.migration(), index))
                    .run(uncertain);
        } else {
            session.withoutLimits(() -> session.run(statement));
        }
    }

    /** Retries only for locks. Any other error would come again, or somebody has already seen it. */
    private void retryLocks(ScriptSession.ScriptWork work) throws StatementFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                session.inTransaction(work);
                return;
            } catch (StatementFailure e) {
                if (!e.isLockTimeout() || attempt >= settings.lockAttempts()) {
                    throw e;
                }
                Duration pause = settings.pauseAfter(attempt);
                listener.lockRetried(run.migration(), attempt, pause);
                Pause.of(pause, RunnerLock::interrupted);
            }
        }
    }

    /**
     * Records the contraction first, so that whoever sees structures disappear finds the entities contracted, and
     * nobody moves them meanwhile.
     */
    private void begin() {
        if (run.direction() == Direction.UP) {
            contraction.begin(session.dsl());
        }
    }

    private void finish(History history) {
        switch (run.direction()) {
            case UP -> history.save(HistoryEntry.applied(run.migration(), run.side(), elapsed()));
            case DOWN -> {
                history.delete(run.migration().version());
                contraction.end(history.transaction());
            }
        }
    }

    private void note(Progress progress, int statements) throws StatementFailure {
        session.inTransaction(() -> save(progress, statements));
    }

    private void save(Progress progress, int statements) {
        session.record(history -> history.save(HistoryEntry.partial(run, progress, statements)));
    }

    /** Records that the next statement is not done. Where nothing was done at all, restores the earlier record. */
    private void noteFailure(Exception failure) {
        try {
            if (done > 0 || (run.direction() == Direction.DOWN && run.isResumed())) {
                note(run.direction().failed(), done);
            } else {
                session.inTransaction(() -> session.record(this::restore));
            }
        } catch (StatementFailure | DataAccessException notRecorded) {
            failure.addSuppressed(notRecorded);
        }
    }

    private void restore(History history) {
        switch (run.direction()) {
            case UP -> {
                history.delete(run.migration().version());
                contraction.end(history.transaction());
            }
            case DOWN -> run.before().ifPresent(history::save);
        }
    }

    /** Returns the message for a run whose process was paused; nothing is wrong with the file. */
    private String standstill() {
        return "This process stood still for more than %s s with locks that others wait for. What was not committed is rolled back; %s."
                .formatted(ScriptSession.LONGEST_SILENCE.toSeconds(), again());
    }

    private String again() {
        return "run `crossfade migrate %s` again".formatted(run.direction() == Direction.UP ? "up" : "down");
    }

    private String consequence() {
        String again = again();
        return done == 0
                ? "Nothing of this file was kept. Correct it and %s.".formatted(again)
                : "The first %s of %s statements are done and stay. Leave them as they are in the file, correct what follows and %s: it goes on from there."
                        .formatted(done, run.script().statements().size(), again);
    }

    private String lockHint(StatementFailure failure) {
        return failure.isLockTimeout()
                ? "No lock within %s ms, %s times; other sessions' oldest transactions: %s. End them, or allow more time by migrate.lock.timeout; who comes after the migration waits as long. "
                        .formatted(
                                settings.lockTimeout().toMillis(), settings.lockAttempts(), session.openTransactions())
                : "";
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
