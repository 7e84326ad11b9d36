package dev.crossfade.routing;

import dev.crossfade.model.Stage;

/**
 * A router's part in a transaction of the caller's framework. The implementation of {@link AmbientTransactions} must
 * report the end of the transaction to it. Not thread-safe.
 */
public sealed interface Participation extends AutoCloseable permits RoutedTransaction {

    /** Returns the stage of an entity in this transaction; this does not count as using the entity. */
    Stage pinnedStage(String entity);

    /** The database has committed the transaction, so its intents count from now on. */
    void committed();

    /** The transaction is over, committed or not. */
    @Override
    void close();
}
