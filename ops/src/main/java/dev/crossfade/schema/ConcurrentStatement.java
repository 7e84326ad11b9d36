package dev.crossfade.schema;

import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.file.IndexChange;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.SqlStatement;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;

/**
 * Runs a CONCURRENTLY statement on indexes and believes the catalog alone. Such a statement commits several times; when
 * it fails, it leaves an invalid index that is still written to, that {@code IF NOT EXISTS} takes for the wanted one,
 * and that a second try collides with. So invalid ones are dropped before the statement, and after it failed.
 */
final class ConcurrentStatement {

    private final SqlStatement statement;
    private final IndexChange change;
    private final ScriptSession session;
    private final IndexCatalog catalog;
    private final Listener listener;

    /** Is told of each dropped index. */
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
     * @param uncertain whether the last run may have done it
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
                // the next run tries again before anything else
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
