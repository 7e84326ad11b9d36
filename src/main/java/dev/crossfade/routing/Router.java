package dev.crossfade.routing;

import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.stages.EntityStage;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/**
 * Repositories are created with it, and it runs transactions over several of them. A service gets it from its {@code
 * Crossfade}, which closes it. Thread-safe.
 */
public sealed interface Router permits EntityRouter {

    /**
     * Runs {@code work} in one transaction and commits it; an exception rolls everything back, mirror writes and
     * intents too. The work runs again if the authority of an entity moves before the transaction has written it, and
     * once more if the server refuses the commit after a mirror was written, so it should have no effects outside the
     * database. Within a transaction of the caller's framework, the work becomes part of that transaction, which
     * commits it and does not run it again; an exception marks the transaction for rollback, even if it is caught.
     *
     * @throws StatementException if the commit fails
     */
    <T> T transaction(Function<Transaction, T> work);

    /**
     * As {@link #transaction}, but read-only: the database refuses writes. With two databases the side that the stage
     * asks for answers each read; reads in the database that the transaction does not run in are outside its
     * snapshot.
     */
    <T> T readOnly(Function<Transaction, T> work);

    /**
     * Runs {@code work} in a jOOQ transaction that the caller began and ends. The transaction must be on the database
     * of the authoritative side; if {@link StageMovedException} is thrown, roll it back and run it again. If the
     * caller's framework manages jOOQ's transactions, as Spring's transaction manager may, the work becomes part of
     * the framework's open transaction.
     *
     * @param jooqTransaction the configuration that {@code dsl.transaction(…)} handed over
     * @throws IllegalArgumentException if that is not in a transaction; the auto-commit of its connection does not
     *     count
     */
    <T> T join(Configuration jooqTransaction, Side side, Function<Transaction, T> work);

    /**
     * Joins a framework's transaction, for {@link AmbientTransactions}. The stages are pinned from now until {@link
     * Participation#close()}.
     */
    Participation takePart(AmbientTransactions.Connections connections);

    /** Returns a jOOQ context on a side's database that bypasses the routing layer and is in no transaction. */
    DSLContext dsl(Side side);

    /** Returns how an entity is routed in this process now. */
    EntityStage stage(String entity);
}
