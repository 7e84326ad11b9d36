package dev.crossfade.routing;

import dev.crossfade.model.Side;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * A transaction over several repositories, as its user sees it: bind each repository with {@code in(transaction)}. The
 * stages are those of its start until its end. It runs in one database: that of the authoritative side of what it
 * writes. Whoever began it ends it. Not thread-safe.
 */
public sealed interface Transaction permits RoutedTransaction {

    /**
     * Returns a jOOQ context in this transaction, for statements of the service's own on tables that are no entity's.
     * Its {@code transaction(…)} is a savepoint.
     */
    DSLContext dsl(Side side);

    /**
     * Runs work that can fail by itself: an exception undoes what it wrote and is thrown on, and the transaction around
     * it may go on.
     */
    <T> T nested(Side side, Function<Transaction, T> work);
}
