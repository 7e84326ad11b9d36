package dev.crossfade.schema;

import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.file.IndexChange;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.SqlStatement;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;

/**
 * Runs a CONCURRENTLY statement on indexes, and trusts only the catalog about the result. Such a statement commits
 * several times. When it fails, it leaves an invalid index, which is still written to, which {@code IF NOT EXISTS}
 * takes for the wanted one, and with which a retry collides. So invalid indexes are dropped before the statement and
 * after a failure.
 */
final class ConcurrentStatement {

    private final SqlStatement statement;
    private final IndexChange change;
    private final ScriptSession session;
    private final IndexCatalog catalog;
    private final Listener listener;

    /** Hears about each dropped index. */
    @FunctionalInterface
    interface Listener {
        void invalidIndexDropped(String index);
    }

    ConcurrentStatement(SqlStatement statement, IndexChange change, ScriptSession session, Listener listener) {
        this.statement = statement;
        this.change = change;
        this.session = session;
        this.catalog = session.indexes();
        this.listener = listener;
    }

    /**
     * Runs the statement, unless a crashed run has already done so.
     *
     * @param uncertain whether the last run may have completed it
     * @throws RefusedException if another session is building the index at this moment
     */
    void run(boolean uncertain) throws StatementFailure {
        refuseDuringBuild();
        if (uncertain && isDone()) {
            return;
        }
        session.withoutLimits(() -> {
            dropLeftovers();
            runAndCleanUp();
            if (change instanceof IndexChange.Build && !isDone()) {
                throw StatementFailure.of(
                        statement,
                        new SQLException(
                                "The server reported success, but there is no valid index",
                                SqlState.NOT_IN_PREREQUISITE_STATE));
            }
        });
    }

    private void runAndCleanUp() throws StatementFailure {
        try {
            session.run(statement);
        } catch (StatementFailure e) {
            try {
                dropLeftovers();
            } catch (DataAccessException notDropped) {
                // the next run first drops the index
                e.addSuppressed(notDropped);
            }
            throw e;
        }
    }

    private boolean isDone() {
        return switch (change) {
            case IndexChange.Build build ->
                catalog.find(build).filter(IndexCatalog.Found::valid).isPresent();
            case IndexChange.Drop drop -> !catalog.exists(drop);
            case IndexChange.Rebuild rebuild -> false;
        };
    }

    private void refuseDuringBuild() {
        for (IndexCatalog.Found index : catalog.leftovers(change)) {
            if (index.builder() != 0) {
                throw new RefusedException(
                        "Index %s is being built by the session with pid %s, perhaps that of a runner which was interrupted. "
                                        .formatted(index, index.builder())
                                + "Wait until it has finished, or `select pg_cancel_backend(%s)`, then run again."
                                        .formatted(index.builder()));
            }
        }
    }

    private void dropLeftovers() {
        for (IndexCatalog.Found index : catalog.leftovers(change)) {
            catalog.drop(index);
            listener.invalidIndexDropped(index.toString());
        }
    }
}
