package dev.crossfade.routing;

import dev.crossfade.model.Stage;

/**
 * A router's part in a transaction of the caller's framework, as the framework sees it: whoever implements
 * {@link AmbientTransactions} has to tell it the end. Not thread-safe.
 */
public sealed interface Participation extends AutoCloseable permits RoutedTransaction {

    /** Returns where an entity stands in this transaction, which does not count as its use in it. */
    Stage pinnedStage(String entity);

    /** The database has committed the transaction, so its intents count from now on. */
    void committed();

    /** The transaction is over, committed or not. */
    @Override
    void close();
}
