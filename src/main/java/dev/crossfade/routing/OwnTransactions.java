package dev.crossfade.routing;

import dev.crossfade.routing.RoutedTransaction.Ending;
import dev.crossfade.sql.CommitFailedException;
import dev.crossfade.transaction.OwnConnection;
import java.util.function.Function;

/**
 * Runs transactions of Crossfade's own: commits them, and runs one again without its mirrors where the server has
 * refused to commit it with them.
 */
record OwnTransactions(EntityRouter router) {

    <T> T run(Function<Transaction, T> work, boolean readOnly) {
        try {
            return attempt(work, readOnly, false);
        } catch (MirrorsRefusedException e) {
            try {
                T result = attempt(work, readOnly, true);
                e.transaction.mirrorsFailed(e.refusal);
                return result;
            } catch (RuntimeException | Error again) {
                again.addSuppressed(e.refusal);
                throw again;
            }
        }
    }

    /** A commit was refused, and it may be made without the mirrors. */
    private static final class MirrorsRefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient RoutedTransaction transaction;
        private final CommitFailedException refusal;

        MirrorsRefusedException(RoutedTransaction transaction, CommitFailedException refusal) {
            super(refusal.getMessage(), null, false, false);
            this.transaction = transaction;
            this.refusal = refusal;
        }
    }

    private <T> T attempt(Function<Transaction, T> work, boolean readOnly, boolean again) {
        OwnConnection connection = new OwnConnection(router.databases(), readOnly);
        try (RoutedTransaction transaction = router.begin(connection, Ending.OWN)) {
            if (again) {
                transaction.leaveMirrors();
            }
            T result = work.apply(transaction);
            commit(connection, transaction);
            transaction.committed();
            return result;
        } catch (Throwable e) {
            // Checked exceptions too, which other languages do not declare: closing would commit what was written
            // before.
            connection.rollback(e);
            throw e;
        } finally {
            connection.close();
        }
    }

    private static void commit(OwnConnection connection, RoutedTransaction transaction) {
        try {
            connection.commit(transaction.hasMirrored());
        } catch (CommitFailedException e) {
            if (e.isRefused()) {
                throw new MirrorsRefusedException(transaction, e);
            }
            transaction.mirrorsFailed(e);
            throw OwnConnection.failed(e);
        }
    }
}
