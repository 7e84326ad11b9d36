package dev.crossfade.routing;

import dev.crossfade.model.Side;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * A transaction over several repositories, as its user sees it: bind each repository with {@code in(transaction)}.
 * The stages are pinned from its start to its end. It runs in one database: that of the authoritative side of the
 * entities that it writes. Whoever began it ends it. Not thread-safe.
 */
public sealed interface Transaction permits RoutedTransaction {

    /**
     * Returns a jOOQ context in this transaction, for the service's own statements on tables outside all entities.
     * Its {@code transaction(…)} is a savepoint.
     */
    DSLContext dsl(Side side);

    /**
     * Runs work in a savepoint: an exception rolls back what it wrote and is rethrown, and the surrounding
     * transaction may continue.
     */
    <T> T nested(Side side, Function<Transaction, T> work);
}
